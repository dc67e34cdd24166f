import { describe, expect, test } from 'vitest';
import type { Statement } from '../../e2e/fidelity/iam/policy.ts';
import { judge } from '../../e2e/fidelity/judge.ts';
import { CALLER, callOf, LAMBDAS_OWN, memoryCall, models, recordingOf, rolesOf, statement, TABLE } from './calls.ts';

const QUERY_AND_PUT = statement({ actions: ['dynamodb:Query', 'dynamodb:PutItem'] });
const CALLS = [memoryCall('Query'), memoryCall('PutItem')];

const judged = (statements: readonly Statement[], calls = CALLS) =>
  judge(models, [recordingOf([rolesOf([...LAMBDAS_OWN, ...statements]), ...calls])]);

const FINE = { misfits: [], refused: [], tooWide: [], unused: [] };

describe('roles that give exactly what the calls need', () => {
  test('are as they should be', () => {
    expect(judged([QUERY_AND_PUT])).toEqual({ ...FINE, calls: 2 });
  });

  test.each<[string, readonly Statement[], string[]]>([
    ['an action', [statement({ actions: ['dynamodb:Query'] })], [`dynamodb:PutItem on ${TABLE}`]],
    ['a statement', [], [`dynamodb:PutItem on ${TABLE}`, `dynamodb:Query on ${TABLE}`]],
    [
      'the right resource',
      [statement({ actions: ['dynamodb:Query', 'dynamodb:PutItem'], resources: [`${TABLE}-2`] })],
      [`dynamodb:PutItem on ${TABLE}`, `dynamodb:Query on ${TABLE}`],
    ],
  ])('are refused when %s is missing', (_what, statements, missing) => {
    expect(judged(statements).refused).toEqual(missing.map((text) => `stage, ${CALLER}: ${text}`));
  });

  test('are refused when Lambda cannot log or tell of a failure', () => {
    const { refused } = judge(models, [recordingOf([rolesOf([QUERY_AND_PUT]), ...CALLS])]);
    expect(refused).toHaveLength(3);
    expect(refused.join()).toMatch(/Lambda for .*logs:CreateLogStream.*logs:PutLogEvents.*sqs:SendMessage/);
  });

  test.each<[string, readonly Statement[], RegExp]>([
    [
      'an action is added',
      [statement({ actions: ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'] })],
      /: dynamodb:DeleteItem on dynamodb:table\/name$/,
    ],
    [
      'a resource is added',
      [{ ...QUERY_AND_PUT, resources: [TABLE, `${TABLE}/index/*`] }],
      /: dynamodb:table\/name\/name\/\* for dynamodb:PutItem, dynamodb:Query$/,
    ],
    [
      'a resource of the same kind is added',
      [{ ...QUERY_AND_PUT, resources: [TABLE, `${TABLE}-other`] }],
      /^arn:.*:table\/memory-other for /,
    ],
    [
      'a statement is added',
      [QUERY_AND_PUT, statement({ actions: ['s3:PutObject'], resources: ['arn:aws:s3:::b/*'] })],
      /: s3:PutObject on s3:name\/\*$/,
    ],
    [
      'a statement repeats another more widely',
      [QUERY_AND_PUT, statement({ actions: ['dynamodb:Query'], resources: ['*'] })],
      /: dynamodb:Query on \*$/,
    ],
  ])('have something that nobody uses when %s', (_what, statements, expected) => {
    const { unused, ...others } = judged(statements);
    expect(unused).toContainEqual(expect.stringMatching(expected));
    expect(others).toMatchObject({ misfits: [], refused: [], tooWide: [] });
  });

  test('what one function uses is not used by another', () => {
    const { roles, ...since } = rolesOf([...LAMBDAS_OWN, QUERY_AND_PUT]);
    const both = { ...since, roles: { ...roles, other: { statements: [QUERY_AND_PUT], inVpc: false } } };
    const { unused } = judge(models, [recordingOf([both, ...CALLS])]);
    expect(unused).toContain('other: dynamodb:Query on dynamodb:table/name');
  });

  test('what all functions share is used by any of them', () => {
    const shared = { ...QUERY_AND_PUT, shared: true };
    const { roles, ...since } = rolesOf([...LAMBDAS_OWN, shared]);
    const both = { ...since, roles: { ...roles, other: { statements: [shared], inVpc: false } } };
    expect(judge(models, [recordingOf([both, ...CALLS])]).unused).toEqual([]);
    expect(judge(models, [recordingOf([both])]).unused).toContain(
      'every function: dynamodb:Query on dynamodb:table/name',
    );
  });

  test.each<[string, Statement]>([
    ['of an action', statement({ actions: ['dynamodb:*'] })],
    ['for a resource', statement({ actions: ['dynamodb:Query', 'dynamodb:PutItem'], resources: ['*'] })],
  ])('are too wide with a wildcard %s', (_what, wide) => {
    expect(judged([wide]).tooWide).toHaveLength(2);
  });
});

describe('several recordings', () => {
  test('what one leaves unused another may use', () => {
    const roles = rolesOf([...LAMBDAS_OWN, QUERY_AND_PUT]);
    const recordings = CALLS.map((call) => recordingOf([roles, call]));
    expect(judge(models, recordings.slice(0, 1)).unused).not.toEqual([]);
    expect(judge(models, recordings).unused).toEqual([]);
  });

  test('a call is held against the roles of its time, around a deploy against those before and after', () => {
    const query = rolesOf([...LAMBDAS_OWN, statement({})], 1_000);
    const put = rolesOf([...LAMBDAS_OWN, statement({ actions: ['dynamodb:PutItem'] })], 5_000, 4_000);
    const refusedAt = (operation: string, atMs: number) =>
      judge(models, [recordingOf([query, put, { ...memoryCall(operation), atMs }])]).refused.length;
    const times = [3_999, 4_000, 4_999, 5_000];
    expect(times.map((atMs) => refusedAt('Query', atMs))).toEqual([0, 0, 0, 1]);
    expect(times.map((atMs) => refusedAt('PutItem', atMs))).toEqual([1, 0, 0, 0]);
  });
});

describe('a call', () => {
  test('of nobody is not allowed', () => {
    const { refused } = judged([QUERY_AND_PUT], [...CALLS, { ...memoryCall('Query'), caller: '' }]);
    expect(refused).toEqual([`stage, nobody: dynamodb:Query on ${TABLE}`]);
  });

  test.each<[string, Parameters<typeof callOf>[0], RegExp]>([
    ['without a required member', memoryCall('Query', {}), /dynamodb:Query\.TableName: required/],
    ['with an unknown member', memoryCall('Query', { TableName: 'memory', Tabel: 1 }), /\.Tabel: unknown member/],
    ['of an unknown operation', memoryCall('Ask'), /has no operation Ask/],
    ['whose needs nobody knows', memoryCall('Scan'), /dynamodb:Scan has no line among the needs/],
    ['that is no JSON', { ...memoryCall('Query'), body: '{' }, /POST \/: SyntaxError/],
  ])('%s does not fit', (_what, changes, expected) => {
    const { misfits } = judged([QUERY_AND_PUT], [...CALLS, callOf(changes)]);
    expect(misfits).toEqual([expect.stringMatching(expected)]);
  });
});
