import { createHash } from 'node:crypto';
import { frozen } from '../../../lib/adapters/frozen.ts';
import { identify } from '../../../lib/identify.ts';
import { createFakeFlink, type FakeFlink, liveStates } from '../../support/fake-flink.ts';
import { createFakeStore } from '../../support/fake-store.ts';
import { createMains, createTrouble } from '../../support/jobmanager-trouble.ts';
import type { Profile } from '../profiles.ts';
import type { Sim } from '../sim.ts';
import { createPeople, resident } from './people.ts';
import type { JobCopy, PublishedAlert, ReachedCancel, ReachedPost, World } from './world.ts';

/** One cluster of three jobs, whose JobManagers have trouble, and people who give orders. */
export const createWorld = (sim: Sim, profile: Profile): World => {
  const { time, random } = sim;
  const store = createFakeStore();
  const posts: ReachedPost[] = [];
  const cancels: ReachedCancel[] = [];
  const alerts: PublishedAlert[] = [];
  let ring: (cluster: string) => void = () => {};
  const fake = createFake(sim, posts, cancels);
  const trouble = createTrouble(time, random, fake, () => ring('c'));
  const order = createPeople(sim, store, ['a', 'b', 'c', 'nobody']);
  const strike = (): void => {
    if (sim.phase === 'calm') return;
    const what = trouble();
    sim.trace?.('world', what);
  };
  /** So many times an hour of trouble, on average. */
  const often = (perHour: number, act: () => void): void => {
    if (perHour === 0) return;
    const next = (): void => {
      time.at(time.nowMs() + random.between(0, (2 * 3_600_000) / perHour), () => {
        if (sim.phase === 'trouble') act();
        if (sim.phase !== 'calm') next();
      });
    };
    next();
  };
  let copies: readonly JobCopy[] = [];
  let live: readonly string[] = [];
  return {
    clusters: () => clusters,
    store,
    ecs: fake.ecs,
    flink: fake.flink,
    jars: { look: async () => aJar },
    secrets: { resolve: async (text) => text },
    alerts: {
      publish: async ({ incident, cluster, state }) =>
        void alerts.push({ key: incident.key, cluster, state, atMs: time.nowMs() }),
    },
    truth: {
      get copies() {
        if (live !== fake.live()) copies = fake.live().map((jobId) => copyOf(jobId, time.nowMs()));
        live = fake.live();
        return copies;
      },
      posts,
      cancels,
      alerts,
      snapshots: () => [],
      starts: [],
      processes: [],
      deeds: [],
      losses: [],
      events: [],
      outages: [],
    },
    version: () => fake.version() + store.version() + posts.length + cancels.length + alerts.length,
    start: () => {
      often(profile.strikes.jobManager ?? 0, strike);
      often(profile.people.order ?? 0, () => void order());
    },
    strike,
    calm: () => {},
    onChange: (hear) => {
      ring = hear;
    },
  };
};

const aJar = frozen({ present: true, version: '1', sizeBytes: 1 } as const);

const createFake = (sim: Sim, posts: ReachedPost[], cancels: ReachedCancel[]): FakeFlink => {
  const { time, random } = sim;
  const mainMs = createMains(random);
  const reached = (jobId: string, process: string) => {
    sim.trace?.(sim.caller, `reaches ${process} with ${jobId}`);
    return { jobId, cluster: 'c', process, invocation: sim.caller, atMs: time.nowMs(), ha: 'none' };
  };
  return createFakeFlink({
    nowMs: time.nowMs,
    at: time.at,
    newJarId: () => random.hex(4),
    residents: random.chance(0.5) ? [resident.id] : [],
    nameOf: (jobId) => (jobId === resident.id ? resident.job : (jobOf(jobId)?.name ?? '')),
    stateOf: () => (sim.phase === 'calm' || random.chance(0.8) ? 'RUNNING' : random.pick('MELTING', ...liveStates)),
    cancels: (jobId, process) => void cancels.push(reached(jobId, process)),
    main: (jobId, process) => {
      const post: ReachedPost = { ...reached(jobId, process), deadlineMs: time.nowMs(), twins: 0 };
      posts.push(post);
      return {
        ms: mainMs(jobId.slice(0, 16)),
        ended: () => {
          post.endedMs = time.nowMs();
        },
      };
    },
  });
};

const copyOf = (jobId: string, sinceMs: number): JobCopy => {
  const { lineage = jobId, name = '' } = jobOf(jobId) ?? {};
  return { jobId, lineage, name, cluster: 'c', process: '', state: 'RUNNING', sinceMs, by: 'autopilot' };
};

const jobOf = (jobId: string) =>
  jobs.find(({ lineage, name }) => jobId.startsWith(lineage) || (jobId === resident.id && name === resident.job));

const job = { jar: 's3://jars/a.jar', args: [], flinkConfiguration: {}, state: 'none', enabled: true } as const;
const services = { ecsCluster: 'flink', jobManagers: ['jobmanager'], taskManagers: [], restPort: 8081 };
const specs = ['a', 'b', 'c'].map((name) => ({ ...job, name, ...(name === resident.job ? { flinkName: name } : {}) }));
const manifest = { namespace: 'sim', clusters: [{ name: 'c', ...services, jobs: specs }] };
const clusters = identify(manifest, (text) => createHash('sha256').update(text).digest('hex'));
const jobs = clusters.flatMap((cluster) => cluster.jobs);
