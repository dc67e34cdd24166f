import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test.each(['main-cases', 'dynamodb-local'])(
  'what is compiled in %s was compiled from the source beside it',
  (folder) => {
    const programs = new URL(`../fixtures/${folder}/`, import.meta.url);
    const lines = readFileSync(new URL('SHA256SUMS', programs), 'utf8').trim().split('\n');
    expect(lines.length).toBe(2);
    for (const line of lines) {
      const [sum, file = ''] = line.split(/\s+/);
      const bytes = readFileSync(new URL(file, programs));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sum);
    }
  },
);
