import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../bin/command-line.ts';
import { agoMs, lasting } from '../../../bin/durations.ts';
import { durationMs } from '../../../lib/core/times.ts';
import { t0 } from '../../support/builders.ts';

const parsed = (line: string) => parseCommandLine(line === '' ? [] : line.split(' '), t0);
const hex = 'a'.repeat(32);

describe('a command line', () => {
  it.each<[string, object]>([
    ['status', { op: 'status' }],
    ['status realtime', { op: 'status', cluster: 'realtime' }],
    ['plan realtime/orders', { op: 'plan', cluster: 'realtime', job: 'orders' }],
    ['orders', { op: 'orders' }],
    ['history --limit 5 --before 2h', { op: 'history', limit: 5, beforeMs: t0 - 7_200_000 }],
    ['history --before=2026-01-02T00:00:00Z', { op: 'history', beforeMs: Date.UTC(2026, 0, 2) }],
    [
      'pause realtime --for 2h --why deploy',
      { op: 'order', kind: 'pause', cluster: 'realtime', forMs: 7_200_000, why: 'deploy' },
    ],
    [
      '--why x resume realtime/a --who me',
      { op: 'order', kind: 'resume', cluster: 'realtime', job: 'a', why: 'x', who: 'me' },
    ],
    [`adopt realtime/a --flink-job ${hex}`, { op: 'order', kind: 'adopt', cluster: 'realtime', job: 'a', jobId: hex }],
    ['status größe/注文', { op: 'status', cluster: 'größe', job: '注文' }],
  ])('asks for what it says: %s', (line, ask) => {
    expect(parsed(line)).toMatchObject({ kind: 'ask', ask, options: { stage: 'dev', json: false, local: false } });
  });

  it('says where the autopilot is and how the answer is shown', () => {
    expect(parsed('status --stage prod --region us-east-1 --profile ops --json --local')).toMatchObject({
      options: { stage: 'prod', region: 'us-east-1', profile: 'ops', json: true, local: true },
    });
  });

  it.each(['', '--help', '-h', 'help', 'status --help', 'nonsense -h'])('shows the help: "%s"', (line) => {
    expect(parsed(line)).toEqual({ kind: 'help' });
  });

  it.each(['bash', 'zsh'])('prints a completion script for %s', (shell) => {
    expect(parsed(`completion ${shell}`)).toEqual({ kind: 'completion', shell });
  });

  it.each<[string, readonly string[]]>([
    ['--json', ['a command is missing']],
    ['statsu', ['unknown command statsu; did you mean status?']],
    ['restrat realtime/a', ['unknown command restrat; did you mean restart?']],
    ['constructor', ['unknown command constructor']],
    ['status --stag prod', ['unknown option --stag; did you mean --stage?']],
    ['status --region', ['--region needs a value: --region NAME']],
    ['status --region --json', ['--region needs a value: --region NAME']],
    ['status --stage=', ['--stage needs a value: --stage NAME']],
    ['status --json=yes', ['--json takes no value']],
    ['status a b', ['one CLUSTER/JOB at a time: b is too much']],
    ['status a/b/c', ['a/b/c is not CLUSTER or CLUSTER/JOB']],
    ['status /a', ['/a is not CLUSTER or CLUSTER/JOB']],
    ['status a/', ['a/ is not CLUSTER or CLUSTER/JOB']],
    ['restart', ['restart needs CLUSTER/JOB']],
    ['restart realtime', ['restart is for one job: realtime/JOB']],
    ['pause', ['pause needs CLUSTER or CLUSTER/JOB']],
    ['completion fish', ['completion needs bash or zsh']],
    ['adopt realtime/a', ['adopt needs --flink-job ID; status shows it']],
    [
      'status --why x --for 2h --limit 0 --before noon',
      [
        '--limit 0 is not a whole number from 1 on',
        '--before noon is not a time such as 2026-01-31T12:00Z, or how long ago, such as 2h',
        'status takes no --why',
        'status takes no --for',
        'status takes no --limit',
        'status takes no --before',
      ],
    ],
  ])('that is wrong is answered with all that is wrong: %s', (line, problems) => {
    const found = parsed(line);
    expect(found).toMatchObject({ kind: 'wrong' });
    expect(found.kind === 'wrong' ? found.problems.toSorted() : []).toEqual(problems.toSorted());
  });
});

describe('times', () => {
  it.each([
    ['1s', 1_000],
    ['30m', 1_800_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['0h', undefined],
    ['2', undefined],
    ['h', undefined],
    ['2 weeks', undefined],
    ['-2h', undefined],
    ['9999999d', undefined],
  ])('a duration %s is %s ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });

  it.each([
    ['2026-01-02', Date.UTC(2026, 0, 2)],
    ['2026-01-02T03:04', Date.UTC(2026, 0, 2, 3, 4)],
    ['2026-01-02 03:04:05', Date.UTC(2026, 0, 2, 3, 4, 5)],
    ['2026-01-02T03:04:05+01:00', Date.UTC(2026, 0, 2, 2, 4, 5)],
    ['2026-01-02T03:04:05.678Z', Date.UTC(2026, 0, 2, 3, 4, 5, 678)],
    ['2026-13-02', undefined],
    ['1767323045', undefined],
  ])('a moment %s is UTC where it does not say: %s', (text, ms) => {
    expect(agoMs(text, t0)).toBe(ms);
  });

  it.each([
    [-5, '0 s'],
    [119_000, '119 s'],
    [120_000, '2 min'],
    [7_140_000, '119 min'],
    [7_200_000, '2 h'],
    [172_800_000, '2 d'],
  ])('%s ms are shown as %s', (ms, text) => {
    expect(lasting(ms)).toBe(text);
  });
});
