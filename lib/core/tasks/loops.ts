import { defaults } from '../defaults.ts';
import { utc } from '../times.ts';
import { type Crash, crashesIn, type Stopped, wordsOf } from './stops.ts';

/** What the ends of tasks by themselves say of services of which tasks are wanted. `recent`: the newest one, unless it was calm since. */
export const crashesOf = (
  services: readonly { readonly name: string; readonly desiredCount: number }[],
  tasks: readonly Stopped[],
  nowMs: number,
): { readonly looping: readonly Crash[]; readonly recent: Crash | undefined } => {
  const isWanted = ({ service }: Crash) =>
    services.some(({ name, desiredCount }) => name === service && desiredCount > 0);
  const crashes = crashesIn(tasks, nowMs).filter(isWanted);
  const newest = crashes.at(-1);
  const isRecent = newest !== undefined && nowMs - newest.atMs < calmMs;
  return { looping: loopsIn(crashes), recent: isRecent ? newest : undefined };
};

/** No end for this long: a crash loop is over. */
const calmMs = defaults.tasks.crashesWithinMs / defaults.tasks.calmShare;

/** The crashes of the services with too many of them, in order of time. */
const loopsIn = (crashes: readonly Crash[]): readonly Crash[] => {
  if (crashes.length < defaults.tasks.crashesMax) return [];
  return crashes.filter(({ service }) => {
    const own = crashes.filter((crash) => crash.service === service);
    return timesOf(own) >= defaults.tasks.crashesMax;
  });
};

/** Those that end together, with their host or by one cause, are once; one that was made after another one's end is another time. */
const timesOf = (crashes: readonly Crash[]): number => {
  let [times, lastMs] = [0, Number.NEGATIVE_INFINITY];
  for (const { atMs, stop } of crashes) {
    const isNext = atMs - lastMs >= defaults.tasks.apartMs || (stop.createdMs ?? 0) > lastMs;
    if (!isNext) continue;
    [times, lastMs] = [times + 1, atMs];
  }
  return times;
};

/** Each service with its count and its newest crash. */
export const textOf = (crashes: readonly Crash[]): string =>
  [...new Map(crashes.map((crash) => [crash.service, crash])).values()]
    .map((newest) => {
      const count = crashes.filter(({ service }) => service === newest.service).length;
      const times = `${count} ${count === 1 ? 'task' : 'tasks'} of ${newest.service} ended by ${count === 1 ? 'itself' : 'themselves'}`;
      return `${times} within ${defaults.tasks.crashesWithinMs / 60_000} min, the last one at ${utc(newest.atMs)}: ${wordsOf(newest.stop)}`;
    })
    .join('; ');
