import { ANSWERED_MS, anyCall, codeOf, faultOf, isUnclear, isUnknown, LATE_MS, type State } from './state.ts';

/** What becomes of calls, and of who makes them. */
export const ofCalls = {
  // Nor is it still on its way when the run ends.
  'a POST lost': (run) =>
    anyCall(
      'flink.run',
      (call) =>
        call.executedMs === undefined &&
        isUnknown(call) &&
        !isUnclear(call) &&
        run.sim.time.nowMs() - call.atMs > ON_ITS_WAY_MS,
    )(run),
  'a POST carried out, its answer lost': (run) =>
    run.world.truth.posts.some(({ ended, jobId, invocation, atMs, deadlineMs, endedMs = deadlineMs }) =>
      run.calls
        .get('flink.run')
        ?.some(
          (call) =>
            call.by.name === invocation &&
            call.executedMs === atMs &&
            ended === 'started' &&
            isUnknown(call) &&
            endedMs + ANSWERED_MS < deadlineMs &&
            JSON.stringify(call.args[2]).includes(jobId),
        ),
    ),
  // Neither its caller nor who it goes to stood still.
  'a POST arrives after its caller gave up': anyCall(
    'flink.run',
    ({ by, args, executedMs = 0 }) => !by.disturbed && executedMs > Number(args.at(-1)) - by.skewMs + LATE_MS,
  ),
  'an old answer': ({ late }) => late.some((call) => call.executedMs === undefined && 'value' in (call.given ?? {})),
  'a slow answer': ({ late }) =>
    late.some((call) => call.executedMs !== undefined && !call.by.disturbed && 'value' in (call.given ?? {})),
  // What is refused in an outage may be answered once more later.
  'a port refuses without being asked': ({ late, world }) =>
    late.some(
      (call) =>
        call.executedMs === undefined &&
        faultOf(call)?.kind === 'rejected' &&
        world.truth.outages.every(({ code }) => code !== codeOf(call)),
    ),
  'an owner wakes up and was overtaken': ({ sim }) =>
    sim.invocations.some(
      ({ disturbed, calls }) =>
        disturbed && calls.some((call) => call.name.startsWith('store.') && faultOf(call)?.kind === 'conflict'),
    ),
  'an invocation dies in the middle': ({ sim }) =>
    sim.invocations.some(({ dead, endedMs, disturbed }) => dead && endedMs === undefined && !disturbed),
} satisfies Readonly<Record<string, State>>;

/** No call is carried out later than so long after it was made. */
const ON_ITS_WAY_MS = 900_000;
