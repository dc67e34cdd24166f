import type { Run } from './checkers/checker.ts';
import { isToLast, isWaitedFor, notConverged } from './checkers/converges.ts';
import type { Start } from './invocations.ts';
import { usualPace } from './pace.ts';
import type { Profile } from './profiles.ts';
import { calmMs, nextTroubleMs } from './sim.ts';

/**
 * What starts the product: the minute's tick, which may come late, twice or not at all, and in the quiet seldom comes; and
 * the world's events. Gives for how many minutes of calm all has been as it should be, and how much longer than a minute its ticks waited.
 */
export const schedule = (
  run: Run,
  { hasEvents, isWatched, pace = usualPace }: Profile,
  start: Start,
): { readonly settledMinutes: () => number; readonly lateMs: () => number } => {
  const { sim, world } = run;
  const { time, random, episodes } = sim;
  let settledMinutes = 0;
  let lateMs = 0;
  const tick = (): void => {
    let minutes = sim.phase === 'quiet' ? pace.tickMinutes : undefined;
    if (sim.phase === 'calm') {
      const missing = notConverged(run);
      if (missing !== undefined && isWaitedFor(missing)) minutes = pace.waitMinutes;
      if (missing !== undefined && isToLast(missing)) minutes = pace.patienceMinutes;
      settledMinutes = missing === undefined ? settledMinutes + 1 : 0;
      if (missing !== undefined) sim.trace?.('---', `not yet as it should be: ${missing}`);
    }
    const isOff = sim.phase === 'quiet' && isWatched === false;
    for (const chance of sim.phase === 'trouble' ? [0.8, 0.2] : isOff ? [] : [1])
      if (random.chance(chance)) time.at(time.nowMs() + random.between(0, 20_000), () => start('tick'));
    const everyMs = minutes === undefined ? 60_000 : random.between(...minutes) * 60_000;
    if (sim.phase === 'calm') lateMs += everyMs - 60_000;
    // The minutes of trouble and calm have their tick, however long the quiet was.
    time.at(Math.min(time.nowMs() + everyMs, nextTroubleMs(sim)), tick);
  };
  for (const { fromMs, untilMs } of episodes) {
    time.at(fromMs, () => {
      sim.phase = 'trouble';
      sim.trace?.('---', 'trouble');
    });
    time.at(untilMs, () => {
      const isLast = untilMs === calmMs(sim);
      sim.phase = isLast ? 'calm' : 'quiet';
      sim.trace?.('---', sim.phase);
      if (isLast) world.calm();
    });
  }
  if (hasEvents !== false) world.onChange((cluster) => start('event', cluster));
  world.start();
  time.at(time.nowMs(), tick);
  return { settledMinutes: () => settledMinutes, lateMs: () => lateMs };
};
