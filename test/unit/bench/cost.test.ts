import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MANY, ONE } from '../../../bench/cost/measured.ts';
import { costTable, monthOf, totalOf } from '../../../bench/cost/model.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/cost.md'), 'utf8');

describe('what an installation costs', () => {
  test.each([ONE, MANY])('$name: docs/cost.md shows what the model says', (look) =>
    expect(page).toContain(costTable(look)),
  );

  test.each([ONE, MANY])('$name: less than a dollar for each cluster', (look) =>
    expect(totalOf(monthOf(look)) / look.clusters).toBeLessThan(1),
  );

  test('each line is what its arithmetic says', () => {
    for (const { how, dollars } of [ONE, MANY].flatMap(monthOf)) {
      const factors = how
        .replaceAll(',', '')
        .replace('(0.5 + 0.03) / GB', '0.53 × 0.000000001')
        .replaceAll(/ (s|GB|units|bytes)(?= ×|$)/g, '')
        .replace(' / million', ' × 0.000001')
        .replace(' / thousand', ' × 0.001')
        .split(' × ')
        .map(Number);
      expect(factors.reduce((product, factor) => product * factor, 1)).toBeCloseTo(dollars, 6);
    }
  });

  test('the README repeats it', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
    expect(readme).toContain(`**${totalOf(monthOf(ONE)).toFixed(2)}** for one cluster with one job`);
    expect(readme).toContain(
      `**${(totalOf(monthOf(MANY)) / MANY.clusters).toFixed(2)}** for each of 50 clusters with 20 jobs`,
    );
  });
});
