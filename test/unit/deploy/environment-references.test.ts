import { describe, expect, it } from 'vitest';
import { deploying } from './deploying.ts';

const CANARY = 'canary-7f3a';
const ref = (inside: string) => `\x24{${inside}}`;
const manifest = (fields: string) =>
  `clusters:\n  - { name: c, ecsCluster: ecs, jobManagers: [jm], jobs: [{ name: a, jar: 's3://bucket/a.jar', ${fields} }] }\n`;

describe('a reference to the environment of the deploying shell', () => {
  it('is replaced in any text, and said with its value and its place', async () => {
    const { manifest: read, said } = await deploying(
      manifest(`args: ['${ref('env:A')}-${ref('env:B')}'], flinkName: '${ref('env:A')}'`),
      { A: 'one', B: 'two' },
    );
    expect(read.clusters[0]?.jobs[0]).toMatchObject({ args: ['one-two'], flinkName: 'one' });
    expect(said).toEqual([
      'flink-jobs.yml: A = "one" → clusters[0].jobs[0].args[0]',
      'flink-jobs.yml: B = "two" → clusters[0].jobs[0].args[0]',
      'flink-jobs.yml: A = "one" → clusters[0].jobs[0].flinkName',
    ]);
  });

  it.each<[string, string, object]>([
    ['a number', `parallelism: '${ref('env:X')}'`, { parallelism: 4 }],
    ['text, where the schema wants text', `args: ['${ref('env:X')}']`, { args: ['4'] }],
    [
      'text, as a value of Flink',
      `flinkConfiguration: { a.b: '${ref('env:X')}' }`,
      { flinkConfiguration: { 'a.b': '4' } },
    ],
    ['a truth', `enabled: '${ref('env:NO')}'`, { enabled: false }],
    ['a reference to a secret', `args: ['${ref('env:S')}']`, { args: [ref('secret:db#password')] }],
    ['nothing where $${ is a literal', `args: ['\x24\x24{env:X}']`, { args: ['\x24\x24{env:X}'] }],
  ])('becomes %s', async (_, fields, job) => {
    const shell = { X: '4', NO: 'false', S: ref('secret:db#password') };
    expect((await deploying(manifest(fields), shell)).manifest.clusters[0]?.jobs[0]).toMatchObject(job);
  });

  it('is refused with every name that is missing, empty, no name, or sounds like a secret, and nothing is repeated (F95)', async () => {
    const names = ['GONE', 'EMPTY', 'BLANK', 'a-b', 'DB_PASSWORD', 'API_TOKEN', 'S3_KEY', 'MY_SECRET', 'URL'];
    const { problems, said } = await deploying(
      manifest(`args: [${names.map((name) => `'${ref(`env:${name}`)}'`).join(', ')}]`),
      {
        EMPTY: '',
        BLANK: ' ',
        DB_PASSWORD: CANARY,
        API_TOKEN: CANARY,
        S3_KEY: CANARY,
        MY_SECRET: CANARY,
        URL: `jdbc://u:${CANARY}@h/d`,
      },
    );
    const instead = `${ref('secret:name#key')} or ${ref('ssm:/path')}`;
    const secret = `${instead} for what sounds like a secret: the manifest is readable in the functions`;
    const expected = [
      'a value: it is missing or empty in the environment of this shell',
      'a value: it is missing or empty in the environment of this shell',
      'a value: it is empty in the environment of this shell',
      'the name of an environment variable: letters, digits and _',
      secret,
      secret,
      secret,
      secret,
      `${instead}: its value holds a password`,
    ];
    expect(problems).toEqual(
      names.map(
        (name, i) =>
          `flink-jobs.yml: clusters[0].jobs[0].args[${i}]: found ${ref(`env:${name}`)}; expected ${expected[i]}`,
      ),
    );
    expect(said).toEqual([]);
    expect(JSON.stringify(problems)).not.toContain(CANARY);
  });

  it('is checked for what it has become, beside everything else that is wrong', async () => {
    const { problems } = await deploying(
      manifest(`mainClass: '${ref('env:MAIN')}', parallelism: '${ref('env:N')}', args: ['${ref('env:GONE')}', 1]`),
      { MAIN: 'not a class', N: 'many' },
    );
    expect(problems.map((line) => line.slice(0, line.indexOf(';')))).toEqual([
      `flink-jobs.yml: clusters[0].jobs[0].args[0]: found ${ref('env:GONE')}`,
      'flink-jobs.yml: clusters[0].jobs[0].mainClass: found "not a class"',
      'flink-jobs.yml: clusters[0].jobs[0].args[1]: found 1',
      'flink-jobs.yml: clusters[0].jobs[0].parallelism: found "many"',
    ]);
  });

  it('does not turn a literal password into a right one', async () => {
    const { problems } = await deploying(
      `clusters: [{ name: c, url: 'http://f', auth: { kind: bearer, token: '${ref('env:T')}' }, jobs: [] }]`,
      { T: CANARY },
    );
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/auth\.token: found something that is not shown here/);
  });
});
