import { defaults } from '../defaults.ts';
import type { ContainerExit, TaskStop } from './ecs-view.ts';

/** The end of a task, by whatever it came. */
export type Stopped = { readonly service: string; readonly stop?: TaskStop };

/** A task that ended by itself, and when. */
export type Crash = { readonly service: string; readonly stop: TaskStop; readonly atMs: number };

/**
 * Those that ended by themselves within the window, in order of time. Nobody asked for them: no person, no deployment or
 * scaling of its service, no Spot instance that was taken back.
 */
export const crashesIn = (tasks: readonly Stopped[], nowMs: number): readonly Crash[] => {
  const crashes: Crash[] = [];
  for (const { service, stop } of tasks) {
    if (stop?.atMs === undefined || nowMs - stop.atMs >= defaults.tasks.crashesWithinMs) continue;
    if (isCrash(stop)) crashes.push({ service, stop, atMs: stop.atMs });
  }
  return crashes.toSorted((a, b) => a.atMs - b.atMs);
};

/** The exit code says nothing of that: who is asked to end may leave with 143, 239 or 137 as well. */
const isCrash = ({ code, reason }: TaskStop): boolean =>
  OWN_ENDS.has(code) || (code === 'ServiceSchedulerInitiated' && Boolean(reason?.match(/failed .*health checks/i)));

const OWN_ENDS: ReadonlySet<string | undefined> = new Set(['EssentialContainerExited', 'TaskFailedToStart']);

/** Of those that said when; whatever ended it. */
export const newestStop = (tasks: readonly Stopped[]): TaskStop | undefined =>
  tasks
    .flatMap(({ stop }) => (stop?.atMs === undefined ? [] : [{ stop, atMs: stop.atMs }]))
    .toSorted((a, b) => a.atMs - b.atMs)
    .at(-1)?.stop;

/** `Essential container in task exited (jobmanager: exit code 137, killed: as a rule out of memory)`. */
export const wordsOf = ({ code, reason, exits }: TaskStop): string => {
  const why = reason ?? code ?? 'no reason given';
  return exits.length === 0 ? why : `${why} (${exits.map(exitWords).join('; ')})`;
};

const exitWords = ({ container, exitCode, reason }: ContainerExit): string => {
  const meaning = reason ?? MEANINGS.get(exitCode);
  const parts = [
    ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
    ...(meaning === undefined ? [] : [meaning]),
  ];
  return `${container}: ${parts.join(', ')}`;
};

/** What Flink's containers mean by it. */
const MEANINGS: ReadonlyMap<number | undefined, string> = new Map([
  [1, 'as a rule a wrong configuration'],
  [137, 'killed: as a rule out of memory'],
  [143, 'asked to end'],
  [239, 'a fatal error, which its log names, or an end that took longer than 5 s'],
]);
