import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { parseCommandLine } from '../../bin/command-line.ts';
import { parseManifest } from '../../lib/config.ts';
import { METRICS } from '../../lib/core/metrics.ts';
import { told } from '../../lib/core/problems.ts';
import { parseCommand } from '../../local/control/command.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { RUNBOOK_INDEX, runbookIndex } from '../../serverless/runbook-index.ts';

const PROJECT = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(PROJECT, file), 'utf8');

const pagesBelow = (folder: string): readonly string[] =>
  readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => join(folder, name));

const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...pagesBelow('docs'), ...pagesBelow('examples')];

/** The text below a heading of the second rank, up to the next one. */
const section = (page: string, heading: string): string =>
  page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';

describe('the runbook', () => {
  it('has an index, made from the alerts (else: node serverless/write-docs.ts)', () => {
    expect(readFileSync(RUNBOOK_INDEX, 'utf8')).toBe(runbookIndex());
  });

  it('has a page for each code that can be told, and no other', () => {
    // Pages of alarms are held to what the alarms say: test/unit/deploy/alarms.test.ts.
    const pages = readdirSync(join(PROJECT, 'docs/runbook'))
      .filter((name) => !name.startsWith('ALARM_') && name !== 'README.md')
      .sort();
    expect(pages).toEqual(
      Object.keys(told)
        .map((code) => `${code}.md`)
        .sort(),
    );
  });

  describe.each(Object.entries(told))('%s', (code, { graceMs, next, fix }) => {
    const page = read(`docs/runbook/${code}.md`);

    it('has its code as title and the four sections, each with more than a word', () => {
      const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
      expect(page.split('\n')[0]).toBe(`# ${code}`);
      expect(headings).toEqual(['Meaning', 'Evidence', 'What the autopilot does', 'What you do']);
      expect(headings.filter((heading) => section(page, heading ?? '').length < 40 + (heading ?? '').length)).toEqual(
        [],
      );
    });

    it('says what the alert says, and when it is told', () => {
      expect(section(page, 'What the autopilot does')).toContain(`> ${next}\n`);
      expect(section(page, 'What you do')).toContain(`> ${fix}\n`);
      expect(page).toContain(graceMs === 0 ? 'Told at once.' : `Told when it has lasted ${graceMs / 1_000} s.`);
    });
  });
});

describe('all pages', () => {
  it('link to what is there', () => {
    const links = found(/\]\(([^)\s]+)\)/g, withoutCode).filter(({ what }) => !what.startsWith('https://'));
    expect(links).toContainEqual({ file: 'README.md', what: 'docs/guarantees.md' });
    expect(links.filter(({ file, what }) => !resolves(file, what))).toEqual([]);
  });

  it('name commands that package.json has', () => {
    const commands = found(/\bnpm (?:run (?:-s )?([\w:-]+)|start|test)\b/g);
    expect(commands.map(({ what }) => what)).toEqual(expect.arrayContaining(['npm start', 'npm test', 'e2e']));
    expect(commands.filter(({ what }) => !(what.replace('npm ', '') in packageJson.scripts))).toEqual([]);
  });

  it('name commands of the local world that it understands', () => {
    const commands = found(/npm run local -- ([a-z -]*[a-z])/g);
    expect(commands.map(({ what }) => what)).toEqual(expect.arrayContaining(['status', 'kill jobmanager']));
    expect(commands.filter(({ what }) => parseCommand(what.split(' ')) === undefined)).toEqual([]);
  });

  it('name commands of the autopilot that it understands', () => {
    const commands = found(/npx flink-autopilot ([a-z][^`\n#|)]*)/g).map(({ what }) => what.trim());
    expect(commands).toEqual(expect.arrayContaining(['release CLUSTER/JOB', 'pause CLUSTER/JOB --for 1h --why …']));
    const wrong = commands.map((line) => ({ line, read: parseCommandLine(wordsOf(line), 0) }));
    expect(wrong.filter(({ read }) => read.kind === 'wrong')).toEqual([]);
  });

  it('show manifests that the parser takes', () => {
    const manifests = found(/^```yaml\n(clusters:[\s\S]*?)^```/gm);
    expect(manifests.length).toBeGreaterThan(0);
    for (const { file, what } of manifests) parseManifest(parse(what), { namespace: 'docs-test', file });
  });
});

/** Every match on every page: its first group, or the whole where that is empty. */
const found = (pattern: RegExp, of = (page: string) => page): readonly { file: string; what: string }[] =>
  PAGES.flatMap((file) =>
    [...of(read(file)).matchAll(pattern)].map(([whole, group]) => ({ file, what: group ?? whole })),
  );

/** As a shell takes them apart. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');

/** Links in code are no links. */
const withoutCode = (page: string): string => page.replace(/^ *```[\s\S]*?^ *```/gm, '').replace(/`[^`\n]*`/g, '');

const resolves = (from: string, target: string): boolean => {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? from : relative(PROJECT, join(PROJECT, dirname(from), path));
  if (!existsSync(join(PROJECT, file))) return false;
  return anchor === undefined || anchorsOf(read(file)).includes(anchor);
};

/** As GitHub makes them from headings. */
const anchorsOf = (page: string): readonly string[] =>
  [...page.matchAll(/^#{1,6} (.*)$/gm)].map(([, heading]) =>
    (heading ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('the guarantees', () => {
  const rows = [...read('docs/guarantees.md').matchAll(/^\| \*\*(I\d+)\*\* \|(.*)\|$/gm)];

  it('are I1 to I12, each once', () => {
    expect(rows.map(([, id]) => id)).toEqual(Array.from({ length: 12 }, (_, n) => `I${n + 1}`));
  });

  it('each name a test file or say that they are not yet shown', () => {
    const silent = rows.filter(([, , row]) => !/\]\(\.\.\/test\/[^)]*\.test\.ts\)|not yet shown/i.test(row ?? ''));
    expect(silent.map(([, id]) => id)).toEqual([]);
  });
});

test('the changelog begins with the version of package.json', () => {
  expect(/^## (\S+)/m.exec(read('CHANGELOG.md'))?.[1]).toBe(packageJson.version);
});

test('every metric has its line in docs/operate.md, with its unit', () => {
  const units = { Milliseconds: 'ms', Seconds: 's', Count: 'count' };
  const rows = [...section(read('docs/operate.md'), 'Where to look').matchAll(/^\| `(\w+)` \| (\w+) \|/gm)];
  expect(rows.map(([, name, unit]) => [name, unit])).toEqual(
    Object.entries(METRICS).map(([name, { unit }]) => [name, units[unit]]),
  );
});

test('every line of the log is named in docs/how-it-works.md', () => {
  const page = section(read('docs/how-it-works.md'), 'Where to look');
  const sources = readdirSync(join(PROJECT, 'lib'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const lines = sources.flatMap((name) =>
    [...read(join('lib', name)).matchAll(/log\.(?:info|error)\((?:\w[^(,]*\? )?'([^']+)'(?: : '([^']+)')?/g)].flatMap(
      ([, one = '', other]) => [one, ...(other === undefined ? [] : [other])],
    ),
  );
  expect(lines).toEqual(expect.arrayContaining(['pass', 'submitted', 'not submitted', 'standby']));
  expect(lines.filter((line) => !page.includes(`\`${line}\``) && !page.includes(`"message":"${line}"`))).toEqual([]);
});
