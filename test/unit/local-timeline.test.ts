import { expect, test } from 'vitest';
import { createDescriber } from '../../local/show/describe.ts';
import { createTimeline } from '../../local/show/timeline.ts';

const screen = (isTTY: boolean, columns = 100) => {
  const written: string[] = [];
  return { isTTY, columns, written, write: (text: string) => written.push(text) };
};

test('a step is shown with the moment of its end and how long it took', async () => {
  const out = screen(false);
  let nowMs = 1_000;
  const timeline = createTimeline(out, () => nowMs);
  const result = await timeline.step('deploy', async () => {
    nowMs = 3_500;
    return 7;
  });
  expect(result).toBe(7);
  expect(out.written).toEqual(['    3.5 s  ✓ deploy  (2.5 s)\n']);
});

test('a step that fails is shown as failed and passes its error on', async () => {
  const out = screen(false);
  const timeline = createTimeline(out, () => 0);
  await expect(timeline.step('deploy', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(out.written).toEqual(['    0.0 s  ✗ deploy  (0.0 s)\n']);
});

test('without a terminal a download is told at each quarter, and once at its end', () => {
  const out = screen(false);
  const timeline = createTimeline(out, () => 0);
  for (const fraction of [0, 0.1, 0.24, 0.26, 0.3, 0.8, 1]) timeline.progress('Flink', fraction);
  expect(out.written.map((line) => line.trim())).toEqual([
    '0.0 s  … Flink 26 %',
    '0.0 s  … Flink 80 %',
    '0.0 s  ✓ Flink  (0.0 s)',
  ]);
});

test('on a terminal a bar shows how much is done, and gives way to lasting lines', () => {
  const out = screen(true);
  const timeline = createTimeline(out, () => 0);
  timeline.progress('Flink', 0.5);
  expect(out.written.at(-1)).toContain('Flink ████████████░░░░░░░░░░░░ 50 %');
  timeline.mark('something', 2_000);
  expect(out.written.slice(-3)).toEqual(
    ['\r\x1b[2K', '    2.0 s  · something\n', expect.stringContaining('Flink ████')].slice(-3),
  );
  timeline.close();
  expect(out.written.at(-1)).toBe('\r\x1b[2K');
});

test('the live line never wraps, and nothing is written after the end', () => {
  const out = screen(true, 30);
  const timeline = createTimeline(out, () => 0);
  timeline.progress('a very long name of a download that does not fit', 0.5);
  expect(out.written.at(-1)).toHaveLength(29);
  timeline.close();
  const lines = out.written.length;
  timeline.mark('late');
  expect(out.written).toHaveLength(lines);
});

test('what happens is described in words of ECS, Flink and the autopilot', () => {
  const describeHappening = createDescriber();
  const line = (fields: Record<string, unknown>) => describeHappening({ kind: 'log', atMs: 0, line: fields });
  expect(line({ message: 'event received', lastStatus: 'RUNNING', taskArn: 'arn:aws:ecs:x:1:task/c/0123456789' })).toBe(
    'autopilot: event received, RUNNING of task 01234567',
  );
  expect(line({ level: 'ERROR', message: 'broken', error: { message: 'why' } })).toBe('autopilot: broken why');
  const pass = { message: 'pass', job: 'a', rung: 'rest', decision: 'wait', because: 'refused, 1 s' };
  expect(line(pass)).toBe('autopilot: a: wait, refused, 1 s');
  expect(line({ ...pass, because: 'refused, 2 s' })).toBeUndefined();
  expect(line({ ...pass, job: 'b' })).toBe('autopilot: b: wait, refused, 1 s');
  expect(line({ ...pass, rung: 'ready', because: 'no slots' })).toBe('autopilot: a: wait, no slots');
  const job = { jobId: 'ab', name: 'n', state: 'RUNNING', running: 1, total: 2 };
  expect(describeHappening({ kind: 'job', atMs: 0, address: '127.0.0.2', job })).toBe(
    'Flink at 127.0.0.2: n RUNNING, 1 of 2 tasks run  job ab',
  );
});
