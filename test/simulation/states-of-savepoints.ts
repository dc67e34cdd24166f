import type { Job, LogEntry } from '../../lib/core/model.ts';
import { anyCall, anyDeed, anyProcess, anyRestore, faultOf, isUnknown, LATE_MS, type State } from './state.ts';
import type { ReachedTrigger } from './world/truth.ts';

/** A savepoint that the product asked for. */
const anyTrigger =
  (is: (trigger: ReachedTrigger) => boolean): State =>
  ({ world }) =>
    world.truth.triggers.some(is);

/** A line of the record. */
const anyLine =
  (is: (line: LogEntry, lines: readonly LogEntry[]) => boolean): State =>
  ({ world }) =>
    world.clusters().some(({ name }) => world.store.log(name).some((line, _, lines) => is(line, lines)));

/** Of savepoints: what people and the schedule want, what goes wrong, and what is deleted. */
export const ofSavepoints = {
  'a savepoint beside the work of its job': anyTrigger(({ stop, path }) => !stop && path !== undefined),
  'a savepoint that was due is taken': anyLine(
    ({ what, because, jobId }, lines) =>
      what === 'savepoint' &&
      because.startsWith('savepoint: each ') &&
      lines.some((line) => line.jobId === jobId && line.what === 'savepoint completed'),
  ),
  'a savepoint that a person ordered is taken': anyLine(
    ({ what, orderId, jobId }, lines) =>
      what === 'savepoint' &&
      orderId !== undefined &&
      lines.some((line) => line.jobId === jobId && line.what === 'savepoint completed'),
  ),
  'a person takes a savepoint': anyDeed('saveByHand'),
  'other savepoints are wanted than before': ({ sim, world }) => {
    const wanted = (jobs: readonly Job[]) =>
      new Map(jobs.map(({ lineage, savepoints }) => [lineage, savepoints?.every]));
    const now = wanted(world.clusters().flatMap(({ jobs }) => jobs));
    const first = wanted(sim.invocations[0]?.manifest.flatMap(({ jobs }) => jobs) ?? []);
    return [...first].some(([lineage, every]) => now.has(lineage) && now.get(lineage) !== every);
  },
  'a savepoint fails': anyTrigger(({ overMs, path }) => overMs !== undefined && path === undefined),
  'Flink can write no savepoint': anyTrigger(({ refused }) => refused === true),
  'a savepoint is complete, and the end that it was for does not come': anyTrigger(
    ({ inVain }) => inVain !== undefined,
  ),
  'a savepoint is complete, and its call is lost': (run) =>
    anyCall(
      'flink.savepoint',
      (call) =>
        isUnknown(call) &&
        faultOf(call) !== undefined &&
        call.executedMs !== undefined &&
        run.world.truth.triggers.some(({ jobId, path }) => jobId === call.args[1] && path !== undefined),
    )(run),
  'a savepoint is asked for after its caller gave up': anyCall(
    'flink.savepoint',
    ({ by, args, executedMs = 0 }) => !by.disturbed && executedMs > Number(args.at(-1)) - by.skewMs + LATE_MS,
  ),
  'who was to ask for a savepoint dies before': anyCall(
    'flink.savepoint',
    ({ by, executedMs, given }) => by.dead && executedMs === undefined && given === undefined,
  ),
  'a savepoint outlasts its JobManager': ({ world }) =>
    world.truth.triggers.some(
      ({ overMs, process }) =>
        overMs === undefined &&
        world.truth.processes.some(({ id, endedMs }) => id === process && endedMs !== undefined),
    ),
  'a JobManager ends in the middle of a savepoint': anyProcess('in a savepoint'),
  'a job goes on from a savepoint beside its work': anyRestore(({ from }, { world }) =>
    world.truth.triggers.some(({ path, stop }) => path === from && !stop),
  ),
  'an old savepoint is deleted': ({ world }) => world.truth.deletions.some(({ how }) => how === 'disposal'),
  'what an earlier run left is deleted': ({ world }) =>
    world.truth.deletions.some(({ how, gone }) => how === 'removal' && gone.length > 0),
} satisfies Readonly<Record<string, State>>;
