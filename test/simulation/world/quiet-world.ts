import { asFault } from '../../../lib/core/errors.ts';
import type { Endpoint, Ports, RunRequest } from '../../../lib/ports.ts';
import { profileOf } from '../profiles.ts';
import { createSim, type Sim } from '../sim.ts';
import { turn } from '../turn.ts';
import { createStage } from './create-stage.ts';
import { createEcs } from './ecs/port.ts';
import { settleAll } from './ecs/service.ts';
import { JARS } from './first-manifest.ts';
import { type FlinkCluster, processesOf } from './flink/cluster.ts';
import type { MainCall } from './flink/mains.ts';
import { createFlink } from './flink/port.ts';
import type { Process } from './flink/process.ts';
import type { Stage } from './stage.ts';

/** A world without the product, in which nothing happens but what its test lets happen. `main`: what becomes of each call of a main(). `led`: two JobManagers and a ZooKeeper. */
export const quietWorld = (seed = 1, main?: MainCall, led = false): QuietWorld => {
  const sim = createSim(seed);
  const rung: number[] = [];
  const drawn = createStage(sim, { ...profileOf('heavy'), led }, () => rung.push(sim.time.nowMs()));
  const stage = main === undefined ? drawn : { ...drawn, mains: { ...drawn.mains, call: () => main } };
  const cluster = stage.clusters[0] ?? fail('no cluster');
  const ecs = createEcs(stage);
  const flink = createFlink(stage);
  // Everything is drawn as a seed draws it; what a test is not about is taken out of its way.
  Object.assign(cluster.flink, { ha: led ? 'zookeeper' : 'none', submission: true, version: '1.20.5' });
  cluster.residents = 0;
  stage.mains.calm();
  settleAll(stage, cluster);
  const passes = async (ms: number): Promise<void> => {
    const untilMs = sim.time.nowMs() + ms;
    let isOver = false;
    sim.time.at(untilMs, () => {
      isOver = true;
    });
    while (!isOver && sim.time.step()) await turn();
  };
  const soonMs = () => sim.time.nowMs() + 5_000;
  const tasks = async () => (await ecs.look(stage.deployed.clusters()[0] ?? fail('no manifest'), [], soonMs())).tasks;
  const living = () => processesOf(cluster).filter(({ endedMs }) => endedMs === undefined);
  const process = () => living()[0] ?? fail('no JobManager lives');
  const at = () => ({ url: `http://${process().address}:8081` });
  const submit = async (jobId: string, { callMs = 20_000, restore }: Submission = {}): Promise<void> => {
    const jarId = await flink.upload(at(), { uri: JARS[0], version: '"1"', sizeBytes: 1 }, soonMs());
    const request = { jobId, args: [], flinkConfiguration: {}, ...(restore && { restore }) };
    await flink.run(at(), jarId, request, sim.time.nowMs() + callMs);
  };
  /** The same as it is answered some time later. */
  const answer = async <T>(promise: Promise<T>, withinMs = 600_000): Promise<T> => {
    const settled = promise.catch(() => undefined).then(() => true);
    for (let ms = 0; ms < withinMs && !(await Promise.race([settled, false])); ms += 100) await passes(100);
    return promise;
  };
  const jobs = async () => (await answer(flink.jobs(at(), soonMs()))).map(({ jobId, state }) => `${jobId} ${state}`);
  return { sim, stage, cluster, ecs, flink, rung, passes, soonMs, tasks, living, process, at, submit, answer, jobs };
};

export const MINUTE = 60_000;

/** The id of the nth job of other hands. */
export const foreignId = (n: number): string => `ffff${n}`.padEnd(32, '0');

/** How a call ended: as `came`, or with the code of its fault. */
export const codeOf = (call: Promise<unknown>, came = 'answered'): Promise<string> =>
  call.then(
    () => came,
    (thrown) => asFault(thrown).code,
  );

/** How long its caller waits, and what it is to begin from. */
type Submission = { readonly callMs?: number } & Pick<RunRequest, 'restore'>;

export type QuietWorld = Pick<Ports, 'ecs' | 'flink'> & {
  readonly sim: Sim;
  readonly stage: Stage;
  readonly cluster: FlinkCluster;
  /** When an event arrived. */
  readonly rung: readonly number[];
  /** Virtual time goes on. */
  passes(ms: number): Promise<void>;
  soonMs(): number;
  tasks(): Promise<Awaited<ReturnType<Ports['ecs']['look']>>['tasks']>;
  living(): readonly Process[];
  /** The one living JobManager process. */
  process(): Process;
  at(): Endpoint;
  /** Uploads a jar and runs it. */
  submit(jobId: string, how?: Submission): Promise<void>;
  /** Lets time pass until it is answered. */
  answer<T>(promise: Promise<T>): Promise<T>;
  /** As they are listed: id and state. */
  jobs(): Promise<readonly string[]>;
};

const fail = (what: string): never => {
  throw new Error(what);
};
