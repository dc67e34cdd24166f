import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { showAnswer } from '../../../bin/show/answer.ts';
import { painter } from '../../../bin/show/paint.ts';
import { widthOf } from '../../../bin/show/text.ts';
import type { Answer } from '../../../lib/operate/answers.ts';
import { t0 } from '../../support/builders.ts';
import { answers } from './answers.ts';

const shown = (answer: Exclude<Answer, { ok: false }>, colours = false): string =>
  showAnswer(answer, { paint: painter(colours), atMs: t0, repeat: ' --stage prod' }).join('\n');

describe.each(Object.entries(answers))('the answer %s', (name, answer) => {
  it('is shown as in its golden file', async () => {
    await expect(`${shown(answer)}\n`).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it('fits 80 columns, but for commands that are to be copied whole', () => {
    const wide = shown(answer)
      .split('\n')
      .filter((line) => widthOf(line) > 80 && !line.trim().startsWith('npx '));
    expect(wide).toEqual([]);
  });

  it('has the same letters with colours as without, and no other control character', () => {
    const coloured = shown(answer, true);
    const plain = stripVTControlCharacters(coloured);
    expect(plain).toBe(shown(answer));
    expect(plain).not.toMatch(/(?!\n)\p{Cc}/u);
  });
});
