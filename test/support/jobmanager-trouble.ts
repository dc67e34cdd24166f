import type { FakeFlink, FakeTask } from './fake-flink.ts';
import type { Random, Time } from './virtual-time.ts';

/**
 * What happens to JobManagers: killed and replaced, before or after ECS says STOPPED; replaced by a deployment while the
 * old one drains; restarted inside the task. Returns `strike`, which does one of it unless something is going on already,
 * and says what. `changed` hears what ECS would send an event of.
 */
export const createTrouble = (time: Time, random: Random, fake: FakeFlink, changed: () => void): (() => string) => {
  const later = (lowMs: number, highMs: number, run: () => void): void =>
    void time.at(time.nowMs() + random.between(lowMs, highMs), run);

  const start = (task: FakeTask): void => {
    const readyMs = time.nowMs() + random.between(500, 6_000);
    fake.boot(task, readyMs, readyMs + random.between(0, 20_000));
    changed();
  };
  const add = (): void => {
    const task = fake.addTask();
    later(500, 8_000, () => start(task));
  };
  const stopped = (task: FakeTask): void => {
    Object.assign(task, { desiredStatus: 'STOPPED', lastStatus: 'STOPPED', stoppedMs: time.nowMs() });
    changed();
  };
  const restart = (task: FakeTask): void => {
    fake.end(task);
    later(500, 5_000, () => start(task));
  };
  const kill = (task: FakeTask): void => {
    fake.end(task);
    const isReplacedFirst = random.chance(0.5);
    if (isReplacedFirst) add();
    later(0, 30_000, () => {
      stopped(task);
      if (!isReplacedFirst) add();
    });
  };
  const deploy = (task: FakeTask): void => {
    add();
    later(8_000, 16_000, () => {
      task.desiredStatus = 'STOPPED';
      changed();
      later(1_000, 120_000, () => {
        fake.end(task);
        later(0, 30_000, () => stopped(task));
      });
    });
  };
  add();
  return () => {
    const [task, ...others] = fake.wanted();
    if (others.length > 0 || task?.process === undefined) return 'nothing';
    const how = random.pick(kill, deploy, restart);
    const what = `${how.name} ${task.process.id}`;
    how(task);
    return what;
  };
};

/** How long the `main()` of a job takes, by lineage: at once, seconds, or minutes, and never twice the same. */
export const createMains = (random: Random): ((lineage: string) => number) => {
  const longest = new Map<string, number>();
  return (lineage) => {
    const drawnMs = random.pick(500, random.between(1_000, 30_000), random.between(20_000, 240_000));
    const longestMs = longest.get(lineage) ?? drawnMs;
    longest.set(lineage, longestMs);
    return random.between(longestMs / 2, longestMs);
  };
};
