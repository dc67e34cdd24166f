import { frozen } from '../../lib/adapters/frozen.ts';
import { defaults } from '../../lib/core/defaults.ts';
import { Fault } from '../../lib/core/errors.ts';
import type { Samples } from '../../lib/core/health/samples.ts';
import type { ClusterMemory, Incident, JobMemory, LogEntry, Order, Pause } from '../../lib/core/model.ts';
import type { Changes, Claim, Holder, Lease, Owner, Store } from '../../lib/ports.ts';

/**
 * The store with a plain memory, held to the same contract suite as the real one. Each method does all its work at the
 * call, without time or chance of its own, and hands out frozen data.
 */
export const createFakeStore = (): FakeStore => {
  const rooms = new Map<string, Room>();
  const names = new Set<string>();
  const room = (cluster: string): Room => {
    const found = rooms.get(cluster);
    if (found !== undefined) return found;
    const empty = { fence: 0, bell: 0, jobs: new Map(), incidents: new Map(), orders: new Map(), log: [] };
    rooms.set(cluster, empty);
    return empty;
  };
  let writes = 0;
  const written = (cluster: string): Room => {
    writes += 1;
    return room(cluster);
  };
  return {
    acquire: async (cluster, claim) => acquire(written(cluster), cluster, claim),
    ring: async (cluster, nowMs) => ring(written(cluster), nowMs),
    holder: async (cluster, nowMs) => holder(room(cluster), nowMs),
    load: async (cluster) => memoryOf(room(cluster)),
    commit: async (lease, changes, untilMs) => commit(written(lease.cluster), lease, changes, untilMs),
    order: async (cluster, order) => {
      const to = written(cluster);
      to.orders.set(order.id, plain(order));
      delete to.shown;
    },
    history: async (cluster, { limit, beforeMs = Number.POSITIVE_INFINITY }) =>
      frozen(
        room(cluster)
          .log.filter(({ atMs }) => atMs < beforeMs)
          .toSorted((a, b) => b.atMs - a.atMs)
          .slice(0, limit),
      ),
    clusters: async () => frozen([...names].sort()),
    addCluster: async (cluster) => void names.add(cluster),
    forgetCluster: async (cluster) => void names.delete(cluster),
    release: async (lease) => release(written(lease.cluster), lease),
    version: () => writes,
    memory: (cluster) => memoryOf(room(cluster)),
    log: (cluster) => room(cluster).log,
    leaseOf: (cluster) => room(cluster).held,
    empty: (cluster) => {
      writes += 1;
      rooms.delete(cluster);
    },
    deleteJob: (cluster, job) => {
      const from = written(cluster);
      from.jobs.delete(job);
      delete from.shown;
    },
    backUp: (cluster) => {
      const saved = copyOf(room(cluster));
      return () => {
        writes += 1;
        rooms.set(cluster, copyOf(saved));
      };
    },
  };
};

export type FakeStore = Store & {
  /** Grows with each call that may write. */
  version(): number;
  /** What load would give, at once. */
  memory(cluster: string): ClusterMemory;
  log(cluster: string): readonly LogEntry[];
  /** Who holds the lease, also when it is past its time. */
  leaseOf(cluster: string): { readonly owner: string; readonly untilMs: number } | undefined;
  /** All of a cluster is lost. */
  empty(cluster: string): void;
  deleteJob(cluster: string, job: string): void;
  /** Keeps what there is now; what it returns brings it back. */
  backUp(cluster: string): () => void;
};

type Room = {
  held?: { readonly owner: string; readonly untilMs: number; readonly staysUntilMs: number };
  fence: number;
  bell: number;
  readonly jobs: Map<string, JobMemory>;
  readonly incidents: Map<string, Incident>;
  readonly orders: Map<string, Order>;
  pause?: Pause;
  samples?: Samples;
  readonly log: LogEntry[];
  /** What load gives, as long as nothing is written. */
  shown?: ClusterMemory;
};

/** What it holds is frozen. */
const copyOf = ({ shown: _, ...room }: Room): Room => ({
  ...room,
  jobs: new Map(room.jobs),
  incidents: new Map(room.incidents),
  orders: new Map(room.orders),
  log: [...room.log],
});

const isHeld = ({ untilMs }: { readonly untilMs: number }, nowMs: number): boolean =>
  untilMs >= nowMs && untilMs <= nowMs + defaults.leaseFarMs;

const acquire = (
  room: Room,
  cluster: string,
  { owner, nowMs, untilMs, staysUntilMs = 0 }: Claim,
): Lease | undefined => {
  const { held } = room;
  const again = held?.owner === owner && held.untilMs === untilMs;
  if (held !== undefined && isHeld(held, nowMs) && !again) return undefined;
  if (!again) room.fence += 1;
  room.held = { owner, untilMs, staysUntilMs };
  return frozen({ cluster, owner, fence: room.fence, bell: room.bell, untilMs });
};

const ring = (room: Room, nowMs: number): Owner | undefined => {
  if (room.held === undefined || !isHeld(room.held, nowMs)) return undefined;
  room.bell += 1;
  const { staysUntilMs } = room.held;
  return frozen(staysUntilMs > 0 ? { staysUntilMs } : {});
};

const holder = ({ held }: Room, nowMs: number): Holder | undefined => {
  if (held === undefined || !isHeld(held, nowMs)) return undefined;
  const { untilMs, staysUntilMs } = held;
  return frozen({ untilMs, ...(staysUntilMs > 0 ? { staysUntilMs } : {}) });
};

const release = (room: Room, lease: Lease): Lease | undefined => {
  if (room.fence !== lease.fence) throw lost(lease);
  if (room.held === undefined) return undefined;
  if (room.held.owner !== lease.owner) throw lost(lease);
  if (room.bell !== lease.bell) return frozen({ ...lease, untilMs: room.held.untilMs, bell: room.bell });
  delete room.held;
  return undefined;
};

const commit = (room: Room, lease: Lease, changes: Changes, untilMs: number): Lease => {
  const { jobs, incidents, log, consumed = [], pause, samples } = changes;
  const single = [pause, samples].filter((item) => item !== undefined).length;
  const count = 1 + Object.keys(jobs).length + incidents.length + log.length + consumed.length + single;
  if (count > defaults.transactionItemsMax) throw new Fault('bug', 'COMMIT_TOO_LARGE', `${count} items`);
  if (new Set(incidents.map(({ key }) => key)).size < incidents.length) {
    throw new Fault('bug', 'AWS_REQUEST', 'one item twice in a transaction');
  }
  if (room.held?.owner !== lease.owner || room.fence !== lease.fence) throw lost(lease);
  room.held = { ...room.held, untilMs };
  for (const [name, memory] of Object.entries(jobs)) room.jobs.set(name, plain(memory));
  for (const incident of incidents) room.incidents.set(incident.key, plain(incident));
  room.log.push(...log.map(plain));
  for (const id of consumed) room.orders.delete(id);
  if (pause === null) delete room.pause;
  else if (pause !== undefined) room.pause = plain(pause);
  if (samples !== undefined) room.samples = plain(samples);
  delete room.shown;
  return frozen({ ...lease, untilMs });
};

/** In the order of the sort keys, as a query gives them. */
const memoryOf = (room: Room): ClusterMemory => {
  room.shown ??= shownOf(room);
  return room.shown;
};

const shownOf = ({ jobs, incidents, orders, pause, samples }: Room): ClusterMemory => {
  const sorted: Record<string, JobMemory> = {};
  for (const [name, memory] of inOrder(jobs)) sorted[name] = memory;
  return frozen({
    jobs: sorted,
    incidents: valuesInOrder(incidents),
    orders: valuesInOrder(orders),
    ...(pause === undefined ? {} : { pause }),
    ...(samples === undefined ? {} : { samples }),
  });
};

const inOrder = <T>(map: Map<string, T>): readonly (readonly [string, T])[] =>
  map.size < 2 ? [...map] : [...map].sort(([a], [b]) => (a < b ? -1 : 1));

const valuesInOrder = <T>(map: Map<string, T>): readonly T[] =>
  map.size < 2 ? [...map.values()] : inOrder(map).map(([, value]) => value);

const lost = ({ cluster, fence }: Lease): Fault =>
  new Fault('conflict', 'LEASE_LOST', `the lease of ${cluster} with fence ${fence} is no longer ours`);

/** Frozen as it is, which is a thousand times cheaper than a copy; copied only to drop what the real store drops. */
const plain = <T extends object>(value: T): T =>
  hasUndefined(value) ? frozen(JSON.parse(JSON.stringify(value))) : frozen(value);

/** What is frozen came from a store or a port, which leave out what is not there. */
const hasUndefined = (value: object): boolean => {
  if (Object.isFrozen(value)) return false;
  for (const part of Object.values(value)) {
    if (part === undefined) return true;
    if (typeof part === 'object' && part !== null && hasUndefined(part)) return true;
  }
  return false;
};
