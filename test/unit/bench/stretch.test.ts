import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { hold } from '../../../bench/start/stretch.ts';
import { until } from '../local-until.ts';

let child: ChildProcess;
beforeEach(() => {
  child = spawn('sleep', ['60'], { stdio: 'ignore' });
});
afterEach(() => {
  vi.useRealTimers();
  child.kill('SIGKILL');
});

const startedAtMs = 1_000_000;
const jobManager = () => ({ pid: child.pid ?? Number.NaN, startedAtMs });
const isStopped = () => / T /.test(readFileSync(`/proc/${child.pid}/stat`, 'utf8'));

describe('a boot that is held', () => {
  test('goes on so long after the start of its process', async () => {
    vi.useFakeTimers({ now: startedAtMs + 300, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const { over } = hold(jobManager(), 40_000);
    await stopped(true);
    vi.advanceTimersByTime(39_699);
    expect(isStopped()).toBe(true);
    vi.advanceTimersByTime(1);
    await over;
    await stopped(false);
  });

  test('goes on early when its sample ends early', async () => {
    const held = hold({ ...jobManager(), startedAtMs: Date.now() }, 40_000);
    await stopped(true);
    held.end();
    await held.over;
    await stopped(false);
  });

  test('may be gone by then', async () => {
    const held = hold({ ...jobManager(), startedAtMs: Date.now() }, 40_000);
    child.kill('SIGKILL');
    await once(child, 'exit');
    held.end();
    await held.over;
  });

  test('of no length touches nothing', async () => {
    await hold({ pid: Number.NaN, startedAtMs }, 0).over;
  });
});

/** Under faked timers, too. */
const stopped = async (wanted: boolean): Promise<void> => {
  if (vi.isFakeTimers()) {
    while (isStopped() !== wanted) await new Promise((resolve) => setImmediate(resolve));
    return;
  }
  await until(`stopped to be ${wanted}`, () => isStopped() === wanted);
};
