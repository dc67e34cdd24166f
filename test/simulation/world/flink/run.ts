import { Fault } from '../../../../lib/core/errors.ts';
import type { Endpoint, FlinkRest, RunRequest } from '../../../../lib/ports.ts';
import { exit } from '../ecs/service.ts';
import { note } from '../notes.ts';
import type { Stage } from '../stage.ts';
import type { ReachedPost } from '../truth.ts';
import type { FlinkCluster } from './cluster.ts';
import { type Birth, burn, startJob } from './lives.ts';
import type { MainCall } from './mains.ts';
import type { Process } from './process.ts';
import type { Reached } from './reach.ts';
import { leaderOf } from './recovery.ts';
import { openSource } from './sources.ts';

/** POST /jars/:id/run: `main()` runs inside the call, whoever listens; what comes of it shows when it is over. */
export const createRun =
  (stage: Stage, reach: (at: Endpoint, deadlineMs: number) => Promise<Reached>): FlinkRest['run'] =>
  async (at, jarId, request, deadlineMs) => {
    const invocation = stage.sim.caller;
    const reached = await reach(at, deadlineMs);
    const { cluster, process } = reached;
    if (request.process !== undefined && request.process !== process.id)
      throw new Fault('transient', 'PROCESS_CHANGED', 'the JobManager restarted before the submission');
    const { jobId } = request;
    const twins = [...process.mains.keys()].filter((main) => main.jobId === jobId).length;
    const { ha } = process.identity;
    const led = ledOf(cluster, process);
    const atMs = stage.sim.time.nowMs();
    const restore = request.restore && { restore: request.restore.path };
    const to = { cluster: cluster.name, process: process.id, ha, ...(led && { led }) };
    const post = { jobId, ...to, invocation, atMs, deadlineMs, twins, left: leftOf(stage, jobId), ...restore };
    const refusal = refusalOf(process, jarId);
    stage.sim.trace?.(invocation, `POST of ${jobId} reaches ${process.id}: ${refusal ?? 'main() begins'}`);
    if (refusal !== undefined) {
      note(stage.notes, 'bounced', { ...post, endedMs: atMs, ended: refusal });
      throw refused(refusal);
    }
    note(stage.notes, 'posts', post);
    await mainOf(stage, reached, request, post);
  };

const leftOf = ({ deployed, snapshots, sim }: Stage, jobId: string): ReachedPost['left'] => {
  const lineage = deployed.lineageOf(jobId);
  return lineage === undefined ? [] : snapshots.list(lineage, sim.time.nowMs()).filter(({ complete }) => complete);
};

/** What ZooKeeper has when a call comes. */
export const ledOf = ({ zooKeeper, recoverable }: FlinkCluster, process: Process): ReachedPost['led'] =>
  zooKeeper && {
    leads: zooKeeper.leader?.process === process,
    recovers: [...recoverable.values()].map(({ jobId, lineage, by }) => ({ jobId, lineage, by })),
  };

/** A jar of the image is in every process; an uploaded one has an id of its own. */
const refusalOf = ({ identity, jars }: Process, jarId: string): string | undefined => {
  if (!identity.submission) return 'SUBMISSION_DISABLED';
  const kind = jarId.includes('_') ? (jars.get(jarId) ?? 'JAR_GONE') : 'good';
  return kind === 'good' ? undefined : kind;
};

const mainOf = (stage: Stage, { cluster, process }: Reached, request: RunRequest, post: ReachedPost): Promise<void> =>
  new Promise((resolve, reject) => {
    const { time } = stage.sim;
    const { jobId } = request;
    const { ms, how } = stage.mains.call(stage.deployed.lineageOf(jobId) ?? jobId);
    const main = { jobId };
    process.mains.set(main, () => {
      over(stage, post, 'died');
      reject(new Fault('unknown-outcome', 'RUN_BROKEN', 'the JobManager ended'));
    });
    time.at(post.atMs + ms, () => {
      if (process.endedMs !== undefined) return;
      if (how === 'kills') return exit(stage, cluster, process, `System.exit in main() of ${jobId}`);
      process.mains.delete(main);
      const source = request.restore && openSource(stage, request.restore.path);
      const taker = takerOf(cluster, process);
      const { starts, code, ended = code ?? 'started' } = outcomeOf(how, taker, jobId, source?.refusal);
      if (starts && taker !== undefined)
        startJob(stage, cluster, taker, { ...birthOf(stage, request), ...source?.restored });
      else if (code === source?.refusal && code !== undefined && taker !== undefined)
        burn(stage, cluster, taker, birthOf(stage, request));
      over(stage, post, ended);
      if (code !== undefined) return reject(refused(code));
      time.at(time.nowMs() + ANSWER_MS, resolve);
    });
  });

/** A standby gives what its main() made to the leader. */
const takerOf = (cluster: FlinkCluster, process: Process): Process | undefined =>
  process.identity.ha === 'none' ? process : leaderOf(cluster);

/** It is listed before it is answered. */
const ANSWER_MS = 60;

const outcomeOf = (
  how: MainCall['how'],
  taker: Process | undefined,
  jobId: string,
  refusal: string | undefined,
): Outcome => {
  if (how === 'throws') return { starts: false, code: 'MAIN_THREW' };
  if (taker === undefined) return { starts: false, code: 'NO_LEADER' };
  const { identity, jobs } = taker;
  if (jobs.has(jobId)) return { starts: false, code: 'DUPLICATE_JOB' };
  if (refusal !== undefined) return { starts: false, code: refusal };
  if (how === 'starts, then throws') return { starts: true, code: 'MAIN_THREW', ended: 'threw after start' };
  // F103: only Flink 2 refuses the second execute(), whose first one's job runs.
  return how === 'twice' && identity.version.startsWith('2')
    ? { starts: true, code: 'DUPLICATE_JOB', ended: 'executed twice' }
    : { starts: true };
};

type Outcome = { readonly starts: boolean; readonly code?: string; readonly ended?: string };

const birthOf = ({ deployed, sim, mains }: Stage, { jobId, parallelism = 1 }: RunRequest): Birth => {
  const lineage = deployed.lineageOf(jobId);
  const { name = jobId, bounded = false } = (lineage === undefined ? undefined : deployed.knownAs(lineage)) ?? {};
  const lastsMs = bounded ? { lastsMs: sim.random.between(30_000, 1_800_000) } : {};
  const failsMs = lineage === undefined ? undefined : mains.failsAfter(lineage);
  const fails = failsMs === undefined ? {} : { failsMs };
  const sticks = lineage !== undefined && mains.sticks(lineage) ? ({ sticks: true } as const) : {};
  return { jobId, name, lineage, by: 'autopilot', tasks: parallelism, ...lastsMs, ...fails, ...sticks };
};

const over = ({ notes, sim }: Stage, post: ReachedPost, how: string): void => {
  post.endedMs = sim.time.nowMs();
  post.ended = how;
  notes.version += 1;
  sim.trace?.('flink', `main() of ${post.jobId} on ${post.process} is over: ${how}`);
};

/** No JobManager leads: what became of the job nobody says. */
const refused = (code: string): Fault =>
  code === 'NO_LEADER'
    ? new Fault('unknown-outcome', 'RUN_UNCLEAR', 'RecipientUnreachableException')
    : new Fault('rejected', code, code);
