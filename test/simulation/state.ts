import { Fault } from '../../lib/core/errors.ts';
import type { EcsView, FlinkJob, TaskManagersView } from '../../lib/core/model.ts';
import type { Run } from './checkers/checker.ts';
import { urlOf } from './checkers/looks.ts';
import { lineageOf } from './checkers/sender.ts';
import { type Call, calmMs } from './sim.ts';
import type { Start } from './world/truth.ts';
import type { DeedKind } from './world/usual.ts';

/** Was the run in this state? Judged at its end by what happened and what callers were given, never by what was drawn. */
export type State = (run: Ended) => boolean;

/** A run that is over. */
export type Ended = Run & {
  /** Its calls by their name: most states ask for those of one method. */
  readonly calls: ReadonlyMap<string, readonly Call[]>;
  /** Those of any that were carried out late, or never. */
  readonly late: readonly Call[];
};

export const endedOf = (run: Run): Ended => {
  const calls = new Map<string, Call[]>();
  const late: Call[] = [];
  for (const call of run.sim.calls) {
    const same = calls.get(call.name);
    if (same === undefined) calls.set(call.name, [call]);
    else same.push(call);
    if (call.executedMs === undefined || call.executedMs - call.atMs > SLOW_MS) late.push(call);
  }
  return { ...run, calls, late };
};

/** Others are carried out within some milliseconds. */
const SLOW_MS = 1_000;

/** Of one method. */
export const anyCall =
  (name: string, is: (call: Call) => boolean): State =>
  ({ calls }) =>
    calls.get(name)?.some(is) === true;

/** Flink listed a job in one of these states. */
export const listsAny = (...states: readonly string[]): State =>
  anyCall('flink.jobs', (call) =>
    ((answerOf(call) ?? []) as readonly FlinkJob[]).some(({ state }) => states.includes(state)),
  );

/** A POST whose main() was called. */
export const anyPost =
  (is: (post: Run['world']['truth']['posts'][number], index: number) => boolean): State =>
  ({ world }) =>
    world.truth.posts.some(is);

/** An attempt that is on record at the end. */
export const anyAttempt =
  (is: (attempt: Attempt, run: Run) => boolean): State =>
  (run) =>
    run.world
      .clusters()
      .some(({ name }) =>
        Object.values(run.world.store.memory(name).jobs).some(({ attempts }) => attempts.some((each) => is(each, run))),
      );

type Attempt = ReturnType<Run['world']['store']['memory']>['jobs'][string]['attempts'][number];

/** Something that the product started, from a snapshot. */
export const anyRestore =
  (is: (start: Start & { readonly from: string }, run: Ended) => boolean): State =>
  (run) =>
    run.world.truth.starts.some(
      (start) =>
        start.copy.by === 'autopilot' &&
        start.restored !== undefined &&
        is({ ...start, from: start.restored.path }, run),
    );

/** Of an incident with this code somebody was told. */
export const anyIncident =
  (code: string): State =>
  ({ world }) =>
    world.truth.alerts.some(({ key, state }) => state === 'open' && (key === code || key.startsWith(`${code}#`)));

/** Somebody was told that it is over. */
export const anyEnd =
  (code: string): State =>
  ({ world }) =>
    world.truth.alerts.some(({ key, state }) => state === 'closed' && (key === code || key.startsWith(`${code}#`)));

/** What ECS said of TaskManagers. */
export const anyTaskManagers = (is: (view: TaskManagersView) => boolean): State =>
  anyCall('ecs.taskManagers', (call) => {
    const view = answerOf(call);
    return view !== undefined && is(view as TaskManagersView);
  });

/** What ECS said of a cluster. */
export const anyEcs = (is: (view: EcsView) => boolean): State =>
  anyCall('ecs.look', (call) => is(answerOf(call) as EcsView));

/** People did something of this kind. */
export const anyDeed =
  (kind: DeedKind): State =>
  ({ world }) =>
    world.truth.deeds.some(({ what }) => what === kind);

/** A JobManager process ended in this way. */
export const anyProcess =
  (how: string): State =>
  ({ world }) =>
    world.truth.processes.some(({ endedHow = '' }) => endedHow.includes(how));

/** What the caller of a call was given; undefined where it was a fault or nothing. */
export const answerOf = ({ given }: Call): unknown =>
  given !== undefined && 'value' in given ? given.value : undefined;

/** The fault that it was given. */
export const faultOf = ({ given }: Call): Fault | undefined =>
  given !== undefined && 'fault' in given && given.fault instanceof Fault ? given.fault : undefined;

/** The code of that. */
export const codeOf = (call: Call): string => faultOf(call)?.code ?? '';

/** The id of a job of the manifest, as it is at the end. */
export const isOurs = ({ world }: Run, jobId: string): boolean =>
  world.clusters().some(({ jobs }) => jobs.some(({ lineage }) => lineage === lineageOf(jobId)));

/** Flink answered something, of which nobody knows what it means. */
export const isUnclear = (call: Call): boolean => codeOf(call) === 'RUN_UNCLEAR';

/** In the calm a person may correct what the run began with. */
export const isInTrouble = ({ sim }: Run, { atMs }: Call): boolean => atMs < calmMs(sim);

/** Whom a call to an address met: there one comes after the other. */
export const processAt = ({ world }: Run, { args: [at], executedMs = 0 }: Call): string =>
  world.truth.processes.findLast(({ address, bornMs }) => urlOf(at).includes(`//${address}:`) && bornMs <= executedMs)
    ?.id ?? '';

/** Its caller was not told whether anything was done. */
export const isUnknown = (call: Call): boolean => faultOf(call)?.kind === 'unknown-outcome';

/** A job is listed before its POST is answered, which takes some milliseconds. */
export const ANSWERED_MS = 200;

/** A call is on its way for some milliseconds. */
export const LATE_MS = 100;
