import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { describe, expect, it } from 'vitest';
import { guards } from '../simulation/guards.ts';

const root = new URL('../../', import.meta.url);

describe('a guard of the simulation', () => {
  it.each(guards)('$name stands once in its file, which reads well without it', ({ file, text, instead }) => {
    const source = readFileSync(new URL(file, root), 'utf8');
    expect(source.split(text)).toHaveLength(2);
    expect(() => stripTypeScriptTypes(source.replace(text, () => instead))).not.toThrow();
  });

  it('has a name of its own', () => {
    expect(new Set(guards.map(({ name }) => name)).size).toBe(guards.length);
  });
});
