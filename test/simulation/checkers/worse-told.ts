import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, Incident } from '../../../lib/core/model.ts';
import { sinceOrder } from '../../../lib/core/state/ordered.ts';
import type { Changes, Lease } from '../../../lib/ports.ts';
import type { Call } from '../sim.ts';
import type { World } from '../world/world.ts';
import { type Checker, eachCall, type Run } from './checker.ts';
import { lookOf } from './looks.ts';
import { lineageOf, manifestOf } from './sender.ts';
import { isRestoreRefused } from './usable.ts';

/**
 * I2: what is worse is told. Who looks at a job that began empty though it had state, or from an older snapshot since the newest was lost or refused,
 * has an incident of that in the memory that it read, or commits one.
 */
export const worseTold: Checker = eachCall(['store.commit'], (call, run) => {
  const [{ cluster }, changes] = call.args as readonly [Lease, Changes];
  const look = lookOf(call, cluster);
  if (look === undefined) return undefined;
  for (const [name, { attempts }] of Object.entries({ ...look.memory.jobs, ...changes.jobs })) {
    const attempt = attempts.at(-1);
    if (attempt === undefined || !look.live.has(attempt.jobId) || !isJudged(run, call, cluster, attempt)) continue;
    const code = worseIn(run.world, attempt, attempts.slice(0, -1));
    if (code === undefined) continue;
    const incidents = new Map([...look.memory.incidents, ...changes.incidents].map((each) => [each.key, each]));
    if ([...incidents.values()].some((each) => isOf(each, name, code))) continue;
    return `${call.by.name} looks at ${attempt.jobId}, and says no ${code}`;
  }
  return undefined;
});

/** One whose end is still to be told opens anew after that. */
const isOf = ({ job, code, state, closeToldMs }: Incident, name: string, wanted: string): boolean =>
  job === name && code === wanted && (state !== 'closed' || closeToldMs === undefined);

/** Of one that the autopilot started, that is to go on, and of which nothing was forgotten; and while it has to be told. */
const isJudged = (
  { sim, world }: Run,
  { by, atMs }: Call,
  cluster: string,
  { jobId, posts, stop }: Attempt,
): boolean => {
  const [first, last] = [posts[0], posts.at(-1)];
  const manifest = manifestOf(sim, by.name, cluster, lineageOf(jobId));
  if (first === undefined || last === undefined || stop !== undefined || manifest?.enabled !== true) return false;
  if (manifest.state === 'none' || atMs >= last.sentMs + defaults.badRestoreToldMs - SKEW_MS) return false;
  return !world.truth.losses.some((loss) => loss.cluster === cluster);
};

/** Clocks differ by so much, and may be set back. */
const SKEW_MS = 16_000;

/** By what is really so: how it began, and what became of the snapshots that those before it were known to have. */
const worseIn = ({ truth }: World, { jobId }: Attempt, all: readonly Attempt[]): string | undefined => {
  const start = truth.starts.find(({ copy }) => copy.jobId === jobId);
  const { from, attempts: before } = sinceOrder(all);
  if (start === undefined || start.copy.by !== 'autopilot') return undefined;
  const { restored } = start;
  if (restored === undefined) return start.forgetsState && from === undefined ? 'STARTED_EMPTY' : undefined;
  const writer = before.findLast(({ snapshots = [] }) => snapshots.some(({ path }) => path === restored.path));
  const refused = truth.posts.filter(isRestoreRefused).find((post) => post.jobId === before.at(-1)?.jobId);
  if (refused !== undefined && refused.restore !== restored.path) return 'RESTORED_OLDER';
  if (writer === undefined) return undefined;
  const isLost = (path: string): boolean =>
    truth.lostSnapshots.some((lost) => lost.path === path && lost.atMs < start.atMs);
  const newer = before.flatMap(({ n, snapshots = [] }) =>
    snapshots.filter(({ id }) => n > writer.n || (n === writer.n && id > restored.id)),
  );
  return newer.some(({ path }) => isLost(path)) ? 'RESTORED_OLDER' : undefined;
};
