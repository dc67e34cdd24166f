import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { describe, expect, it } from 'vitest';
import { patchesOf } from '../simulation/guards/guard.ts';
import { guards } from '../simulation/guards.ts';
import { profiles } from '../simulation/profiles.ts';

const root = new URL('../../', import.meta.url);

describe('a guard of the simulation', () => {
  it.each(guards)('$name stands once in its files, which read well without it', (guard) => {
    for (const { file, text, instead } of patchesOf(guard)) {
      const source = readFileSync(new URL(file, root), 'utf8');
      expect(source.split(text)).toHaveLength(2);
      expect(() => stripTypeScriptTypes(source.replace(text, () => instead))).not.toThrow();
    }
  });

  it('is in the guarantees, with its profile, and with at least 10 of 1,000 runs that are red without it', () => {
    const page = readFileSync(new URL('docs/guarantees.md', root), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (.+) \| (\S+) \| (\d+) of 1,000 \|$/gm)];
    const said = rows.map(([, name, what, profile]) => ({ name, what, profile }));
    expect(said).toEqual(guards.map(({ name, what, profile }) => ({ name, what, profile })));
    expect(rows.filter(([, , , , red]) => Number(red) < 10)).toEqual([]);
  });

  it('is attacked by a profile that there is', () => {
    const known = Object.keys(profiles);
    expect(guards.filter(({ profile }) => !known.includes(profile))).toEqual([]);
  });

  it('has a name of its own', () => {
    expect(new Set(guards.map(({ name }) => name)).size).toBe(guards.length);
  });
});
