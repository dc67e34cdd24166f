import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { defaults } from '../../lib/core/defaults.ts';
import { asFault } from '../../lib/core/errors.ts';
import { identify } from '../../lib/identify.ts';
import type { Store } from '../../lib/ports.ts';
import { reconcile } from '../../lib/reconcile.ts';
import { createFakeFlink, type FakeFlink, liveStates } from '../support/fake-flink.ts';
import { createFakeStore, type FakeStore } from '../support/fake-store.ts';
import { createMains, createTrouble } from '../support/jobmanager-trouble.ts';
import { clockOf, createSim, type Invocation, type Sim } from '../support/seeded-run.ts';
import { createGate } from './gate.ts';
import { type Guard, without } from './guards.ts';
import { createPeople, PAUSE_MAX_MS, resident } from './people.ts';

/**
 * One seeded run of the production code: minutes of trouble, then calm until every job runs once or the time for that is
 * over. I1 is checked after every step, I3 when a POST reaches a process, I10 at the end.
 */
export const simulate = async (seed: number, guard?: Guard): Promise<Sim> => {
  const sim = createSim(seed);
  const { time, random } = sim;
  const store = createFakeStore();
  const fake = createFake(sim, store);
  const used = guard === undefined ? store : without[guard](store);
  /** Events and ticks come late, twice or not at all; in the calm they come. */
  const ring = (p: number, wait: boolean): void => {
    for (const chance of sim.calm ? [1] : [p, 0.3])
      if (random.chance(chance)) time.at(time.nowMs() + random.between(0, 20_000), () => invoke(wait));
  };
  const trouble = createTrouble(time, random, fake, () => ring(0.7, true));
  const strike = (): void => (sim.calm ? undefined : sim.trace(trouble()));
  const gate = createGate(sim, strike);
  const order = createPeople(sim, store, ['a', 'b', 'c', 'nobody']);
  const invoke = (wait: boolean) => invocation(sim, gate, fake, used, wait);
  const calmMs = time.nowMs() + random.between(180_000, 600_000);
  let quiet = 0;
  const tick = (): void => {
    sim.calm = time.nowMs() >= calmMs;
    if (random.chance(0.5)) time.at(time.nowMs() + random.between(0, 60_000), strike);
    if (!sim.calm && random.chance(0.5)) time.at(time.nowMs() + random.between(0, 60_000), order);
    ring(0.9, false);
    quiet = sim.calm && isSettled(sim, fake, store) ? quiet + 1 : 0;
    time.at(time.nowMs() + 60_000, tick);
  };
  tick();
  for (let checked: unknown; quiet < 3 && time.nowMs() < calmMs + CONVERGES_MS; ) {
    time.step();
    await setImmediate(); // All microtasks are done.
    if (fake.live() === checked) continue;
    checked = fake.live();
    for (const copies of jobs.map((job) => copiesOf(job, fake)))
      if (copies.length > 1) sim.broke('I1', `live: ${copies.join(' and ')}`);
  }
  if (quiet < 3) sim.broke('I10', `not closed: ${notClosed(store).map(({ key, what }) => `${key} ${what}`)}`);
  return sim;
};

/** 180 s and the waiting that the rules name: a POST to settle, the slowest main() after it, a draining JobManager, a pause. */
const CONVERGES_MS = 180_000 + defaults.uploadCallMs + defaults.mainWithinMs + 240_000 + 150_000 + PAUSE_MAX_MS;

const createFake = (sim: Sim, store: FakeStore): FakeFlink => {
  const { time, random } = sim;
  const mainMs = createMains(random);
  const sent = new Map<string, number>();
  const main = (jobId: string, process: string, twins: number): number => {
    sim.trace(`POST ${jobId} reaches ${process}`);
    const attempts = Object.values(store.memory('c').jobs).flatMap((memory) => memory.attempts);
    const posts = attempts.find((attempt) => attempt.jobId === jobId)?.posts ?? [];
    const count = (sent.get(jobId) ?? 0) + 1;
    sent.set(jobId, count);
    if (count > (posts.at(-1)?.id ?? 0) || !posts.some(({ to }) => to.process === process))
      sim.broke('I3', `POST ${count} of ${jobId} to ${process}; intended: ${posts.map(({ to }) => to.process)}`);
    if (posts.length > 1) sim.saw(twins > 0 ? 'one id twice in main()' : 'same id once more');
    const ms = mainMs(jobId.slice(0, 16));
    if (ms > defaults.submitCallMs) sim.saw('main() slower than the call');
    return ms;
  };
  const stateOf = () => (sim.calm || random.chance(0.8) ? 'RUNNING' : random.pick('MELTING', ...liveStates));
  const cancels = (jobId: string): void => {
    const attempts = Object.values(store.memory('c').jobs).flatMap((memory) => memory.attempts);
    const { stop } = attempts.find((attempt) => attempt.jobId === jobId) ?? {};
    sim.saw(`cancel: ${stop?.order}`);
    if (stop?.sentMs === undefined || jobId === resident.id) sim.broke('I3', `${jobId} is cancelled without an intent`);
  };
  const residents = random.chance(0.5) ? [resident.id] : [];
  const nameOf = (jobId: string) =>
    jobId === resident.id ? resident.job : (nameByLineage.get(jobId.slice(0, 16)) ?? '');
  const newJarId = () => random.hex(4);
  return createFakeFlink({ nowMs: time.nowMs, at: time.at, newJarId, residents, nameOf, stateOf, cancels, main });
};

const invocation = async (
  sim: Sim,
  gate: ReturnType<typeof createGate>,
  fake: FakeFlink,
  store: Store,
  wait: boolean,
): Promise<void> => {
  const { time, random } = sim;
  const by: Invocation = { name: `${wait ? 'event' : 'tick'}-${random.hex(2)}`, dead: false, frozenUntilMs: 0 };
  const untilMs = time.nowMs() + (wait ? 179_000 : 54_000);
  time.at(untilMs + 1_000, () => Object.assign(by, { dead: true }));
  const log = (message: string, fields: Readonly<Record<string, unknown>>): void => {
    sim.trace(`${by.name} ${message} ${JSON.stringify(fields)}`);
    sim.saw(message === 'pass' ? String(fields.saw) : message);
  };
  const ports = {
    clock: clockOf(sim, by),
    chance: random,
    ecs: gate(by, fake.ecs),
    flink: gate(by, fake.flink),
    jars: gate(by, { look: async () => ({ present: true, version: '1', sizeBytes: 1 }) as const }),
    secrets: { resolve: async (text: string) => text },
    store: gate(by, store),
    alerts: gate(by, { publish: async () => {} }),
    log: { info: log, error: log },
  };
  try {
    for (const cluster of clusters) await reconcile(ports, cluster, { untilMs, wait });
  } catch (thrown) {
    const { kind, message } = asFault(thrown);
    if (kind === 'bug' || kind === 'invalid') sim.broke('throws', message);
  }
};

const copiesOf = ({ lineage, name }: (typeof jobs)[number], fake: FakeFlink) =>
  fake.live().filter((jobId) => jobId.startsWith(lineage) || (jobId === resident.id && name === resident.job));
const notClosed = (store: FakeStore) => store.memory('c').incidents.filter(({ state }) => state !== 'closed');

/** Each job runs once, or is held and told because two JobManagers ended under its submissions; all else is closed. */
const isSettled = (sim: Sim, fake: FakeFlink, store: FakeStore): boolean => {
  const open = notClosed(store);
  if (store.memory('c').jobs[resident.job]?.attempts.some(({ jobId }) => jobId === resident.id)) sim.saw('adopted');
  const held = open.filter(({ code, state }) => code === 'SUBMISSION_KILLS_JOBMANAGER' && state === 'open');
  if (held.length > 0) sim.saw('held');
  const wanted = ({ name }: { name: string }) => (held.some((incident) => incident.job === name) ? 0 : 1);
  const isQuiet = open.length === held.length && store.memory('c').orders.length === 0;
  return isQuiet && jobs.every((job) => copiesOf(job, fake).length === wanted(job));
};

const job = { jar: 's3://jars/a.jar', args: [], flinkConfiguration: {}, state: 'none', enabled: true } as const;
const services = { ecsCluster: 'flink', jobManagers: ['jobmanager'], taskManagers: [], restPort: 8081 };
const specs = ['a', 'b', 'c'].map((name) => ({ ...job, name, ...(name === resident.job ? { flinkName: name } : {}) }));
const manifest = { namespace: 'sim', clusters: [{ name: 'c', ...services, jobs: specs }] };
const clusters = identify(manifest, (text) => createHash('sha256').update(text).digest('hex'));
const jobs = clusters.flatMap((cluster) => cluster.jobs);
const nameByLineage = new Map(jobs.map(({ lineage, name }) => [lineage, name]));
