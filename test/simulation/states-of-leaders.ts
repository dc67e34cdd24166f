import type { LeaderLook } from '../../lib/core/model.ts';
import type { Call } from './sim.ts';
import { answerOf, anyCall, anyProcess, codeOf, type Ended, type State } from './state.ts';
import type { Upset } from './world/truth.ts';

/** Leaders of one cluster that came after another. */
const anySuccession =
  (is: (before: Leadership, next: Leadership) => boolean): State =>
  ({ world }) =>
    world.truth.leaderships.some((next, index, all) => {
      const before = all.slice(0, index).findLast(({ cluster }) => cluster === next.cluster);
      return before !== undefined && is(before, next);
    });

type Leadership = Parameters<State>[0]['world']['truth']['leaderships'][number];

const livesAt = ({ world }: Parameters<State>[0], process: string, ms: number): boolean =>
  world.truth.processes.some(({ id, endedMs = Number.POSITIVE_INFINITY }) => id === process && endedMs > ms);

const anyUpset =
  (kind: Upset['what'], is: (upset: Upset, run: Ended) => boolean): State =>
  (run) =>
    run.world.truth.upsets.some((upset) => upset.what === kind && is(upset, run));

const isIn = ({ atMs, untilMs }: Upset, ms: number): boolean => ms >= atMs && ms <= untilMs;

const isRefusedIn =
  (upset: Upset) =>
  (call: Call): boolean =>
    call.executedMs !== undefined && isIn(upset, call.executedMs) && codeOf(call) === 'LEADER_UNREACHABLE';

const lookAtLeader = (is: (look: LeaderLook) => boolean): State =>
  anyCall('leaders.look', (call) => {
    const look = answerOf(call);
    return look !== undefined && is(look as LeaderLook);
  });

const isOverRest = (world: Parameters<State>[0]['world'], cluster: string): boolean =>
  world.clusters().some(({ name, leader }) => name === cluster && leader === 'rest');

/** States of clusters with a leader and a standby. */
export const ofLeaders = {
  'another JobManager leads': anySuccession((before, next) => before.process !== next.process),
  'one leads anew': anySuccession((before, next) => before.process === next.process),
  'a leader is killed': anyProcess('killed as it led'),
  'who led lives on while another one leads': (run) =>
    anySuccession((before, next) => before.process !== next.process && livesAt(run, before.process, next.atMs))(run),
  'nobody leads': lookAtLeader(({ leader }) => leader === undefined),
  'nobody leads, and there are jobs to recover': lookAtLeader(
    ({ leader, jobs }) => leader === undefined && jobs.length > 0,
  ),
  'a leader cannot recover a job': anyProcess('cannot recover a job'),
  'a leader loses its session': anyUpset('session', (upset, { world }) =>
    world.truth.leaderships.some(({ cluster, atMs }) => cluster === upset.cluster && atMs >= upset.atMs),
  ),
  'ZooKeeper is away': anyUpset(
    'away',
    (upset, { calls }) => calls.get('leaders.look')?.some(isRefusedIn(upset)) === true,
  ),
  'ZooKeeper cannot be reached by us alone': anyUpset(
    'unreachable',
    (upset, { calls }) => calls.get('leaders.look')?.some(isRefusedIn(upset)) === true,
  ),
  'a leader cannot be reached by us alone': anyUpset(
    'cut off',
    (upset, { calls }) =>
      calls.get('flink.identity')?.some(({ atMs, given }) => isIn(upset, atMs) && 'fault' in (given ?? {})) === true,
  ),
  'ZooKeeper begins anew': anySuccession((before, next) => before.memory !== next.memory),
  'JobManagers end without their ZooKeeper': anyProcess('ZooKeeper is away'),
  'a job is submitted to a leader': ({ world }) => world.truth.posts.some(({ led }) => led?.leads === true),
  'a job is submitted over REST alone': ({ world }) =>
    world.truth.posts.some(({ cluster, ended }) => ended === 'started' && isOverRest(world, cluster)),
  'a job is lost over REST alone': ({ world }) =>
    world
      .clusters()
      .filter(({ leader }) => leader === 'rest')
      .some(({ name }) =>
        Object.values(world.store.memory(name).jobs).some(({ attempts }) =>
          attempts.some(({ end }) => end?.state === 'LOST'),
        ),
      ),
  'Flink brings back what the autopilot started': ({ world }) =>
    world.truth.starts.some(
      ({ copy }) =>
        copy.by === 'flink' &&
        world.truth.starts.some((each) => each.copy.jobId === copy.jobId && each.copy.by === 'autopilot') &&
        world.truth.leaderships.some(({ process }) => process === copy.process),
    ),
} satisfies Readonly<Record<string, State>>;
