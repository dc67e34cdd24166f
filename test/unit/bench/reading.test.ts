import { describe, expect, test } from 'vitest';
import { arrivalsIn } from '../../../bench/start/arrivals.ts';
import { type LogLine, stepsIn } from '../../../bench/start/steps.ts';

describe("Flink's log of arriving requests", () => {
  const text = [
    '1790000000100 Received request. URL:/jars/upload Method:POST',
    '1790000000150 Received request. URL:/jars/0b1c_job.jar/run Method:POST',
    '1790000000200 Received request. URL:/v1/jars/upload Method:POST',
    '1790000000250 Received request. URL:/jars/baked.jar/run?x=1 Method:POST',
    '1790000000300 Received request. URL:/jobs/00/savepoints Method:POST',
    '1790000000400 Received request. URL:/jars/upload Met',
  ].join('\n');

  test('tells uploads and submissions apart and skips everything else', () =>
    expect(arrivalsIn(text, 0)).toEqual({
      uploads: [1_790_000_000_100, 1_790_000_000_200],
      runs: [1_790_000_000_150, 1_790_000_000_250],
    }));

  test('begins at the moment asked for', () =>
    expect(arrivalsIn(text, 1_790_000_000_200)).toEqual({
      uploads: [1_790_000_000_200],
      runs: [1_790_000_000_250],
    }));

  test('is empty before the first request', () => expect(arrivalsIn('', 0)).toEqual({ uploads: [], runs: [] }));
});

describe("the function's log", () => {
  const at = (atMs: number, line: LogLine['line']): LogLine => ({ atMs, line });
  const lines = [
    at(40, { message: 'event received' }),
    at(50, { message: 'pass', decision: 'act', ms: 10 }),
    at(60, { message: 'submitted', jobId: 'earlier' }),
    at(330, { message: 'pass', decision: 'act', ms: 30 }),
    at(110, { message: 'event received' }),
    at(120, { message: 'event received' }),
    at(200, { message: 'pass', decision: 'wait', ms: 5 }),
    at(400, { message: 'submitted', jobId: 'wanted' }),
    at(450, { message: 'pass', decision: 'act', ms: 1 }),
  ];

  test('tells the first event and the pass that submitted, in whatever order its lines came', () =>
    expect(stepsIn(lines, 'wanted', 100)).toEqual({ eventMs: 110, passMs: 300, committedMs: 330 }));

  test('has no steps before the submission is in it', () => expect(stepsIn(lines, 'other', 100)).toBeUndefined());

  test('has no steps when the lines before the submission have not come yet', () =>
    expect(stepsIn(lines.slice(-2), 'wanted', 100)).toBeUndefined());
});
