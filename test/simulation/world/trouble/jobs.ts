import { processesOf } from '../flink/cluster.ts';
import { becomes, type JobLife } from '../flink/job.ts';
import { endJob, isOnRecord } from '../flink/lives.ts';
import { isLive, type Process, touch } from '../flink/process.ts';
import { note } from '../notes.ts';
import { anyOf, type Happening, later, type Stage } from '../stage.ts';

/** Flink heals a job by itself: it restarts, or is in a state that we may not even know, and runs again. */
export const stumble: Happening = (stage, cluster) => {
  const found = anyJob(stage, cluster);
  if (found === undefined) return undefined;
  const { sim } = stage;
  const nowMs = sim.time.nowMs();
  const state = sim.random.pick('RESTARTING', 'RESTARTING', ...ODD_STATES);
  const backMs = nowMs + sim.random.between(500, 60_000);
  becomes(
    found.life,
    { fromMs: nowMs, state, allRun: false },
    { fromMs: backMs, state: 'RUNNING', allRun: false },
    { fromMs: backMs + sim.random.between(100, 5_000), state: 'RUNNING', allRun: true },
  );
  touch(found.process);
  return `${found.life.jobId} is ${state}`;
};

const ODD_STATES = ['CREATED', 'SUSPENDED', 'RECONCILING', 'MELTING'];

/** It fails again and again, and Flink restarts it each time: for some minutes it runs in between, and no longer. */
export const failAgain: Happening = (stage, cluster) => {
  const found = anyJob(stage, cluster);
  if (found === undefined) return undefined;
  const { random, time } = stage.sim;
  const untilMs = time.nowMs() + random.between(60_000, 2_400_000);
  const lastsMs = random.pick(5_000, 20_000, 90_000);
  const phases = [{ fromMs: time.nowMs(), state: 'RESTARTING', allRun: false }];
  for (let fromMs = time.nowMs(); fromMs < untilMs; ) {
    fromMs += random.between(500, 30_000);
    phases.push({ fromMs, state: 'RUNNING', allRun: true });
    fromMs += random.between(1_000, lastsMs);
    if (fromMs < untilMs) phases.push({ fromMs, state: 'RESTARTING', allRun: false });
  }
  becomes(found.life, ...phases);
  touch(found.process);
  note(stage.notes, 'loops', { jobId: found.life.jobId });
  return `${found.life.jobId} fails again and again until ${untilMs}`;
};

/** Its checkpoints fail, or one hangs, for a while. */
export const failCheckpoints: Happening = (stage, cluster) => {
  const found = anyJob(stage, cluster);
  if (found === undefined) return undefined;
  const { random, time } = stage.sim;
  const how = random.pick('fail', 'fail', 'hang');
  const fromMs = time.nowMs();
  const untilMs = fromMs + random.pick(random.between(60_000, 1_800_000), random.between(3_600_000, 10_800_000));
  const { jobId } = found.life;
  return stage.snapshots.stall(jobId, { fromMs, untilMs, how })
    ? `checkpoints of ${jobId} ${how} until ${untilMs}`
    : undefined;
};

/** Its restarts are used up. */
export const fail: Happening = (stage, cluster) => {
  const found = anyJob(stage, cluster);
  if (found === undefined) return undefined;
  const { life, process } = found;
  becomes(life, { fromMs: stage.sim.time.nowMs(), state: 'FAILING', allRun: false });
  touch(process);
  later(stage, 100, 20_000, () => endJob(stage, cluster, process, life, 'FAILED', 'its restarts are used up'));
  return `${life.jobId} fails`;
};

/** It stays as it is, and Flink does nothing about it, until somebody ends it; and sometimes the next one, too. */
export const jam: Happening = (stage, cluster) => {
  const found = anyJob(stage, cluster);
  if (found === undefined) return undefined;
  jammed(stage, found);
  const { random, time } = stage.sim;
  const { jobId, lineage } = found.life;
  note(stage.notes, 'jams', { cluster: cluster.name, atMs: time.nowMs(), jobIds: [jobId] });
  if (lineage !== undefined && random.chance(0.5))
    stage.mains.stickUntil(lineage, time.nowMs() + random.between(960_000, 1_320_000));
  return `${found.life.jobId} is stuck`;
};

/** All that lives on one JobManager is stuck, by something that passes by itself. */
export const jamMany: Happening = (stage, cluster) => {
  const found = anyJob(stage, cluster);
  if (found === undefined) return undefined;
  const { random, time } = stage.sim;
  const untilMs = time.nowMs() + random.between(600_000, 2_400_000);
  const lives = [...found.process.jobs.values()].filter(isLive);
  if (lives.length < 3) return undefined;
  for (const life of lives) jammed(stage, { ...found, life }, untilMs);
  note(stage.notes, 'jams', {
    cluster: cluster.name,
    atMs: time.nowMs(),
    untilMs,
    jobIds: lives.map(({ jobId }) => jobId),
  });
  return `${lives.length} jobs on ${found.process.id} are stuck until ${untilMs}`;
};

const jammed = ({ sim }: Stage, { life, process }: Found, untilMs?: number): void => {
  const nowMs = sim.time.nowMs();
  const phase = { fromMs: nowMs, state: sim.random.pick('RESTARTING', 'CREATED'), allRun: false };
  becomes(life, phase, ...(untilMs === undefined ? [] : [{ fromMs: untilMs, state: 'RUNNING', allRun: true }]));
  touch(process);
};

/** What it needs is away for so long that Flink gives it up, and again soon after each start. */
export const giveUp: Happening = (stage, cluster) => {
  const found = anyJob(stage, cluster);
  if (found === undefined) return undefined;
  const { life, process } = found;
  const { random, time } = stage.sim;
  const untilMs = time.nowMs() + random.between(300_000, 3_600_000);
  if (life.lineage !== undefined) stage.mains.failUntil(life.lineage, untilMs);
  endJob(stage, cluster, process, life, 'FAILED');
  return `${life.jobId} fails, and its next ones until ${untilMs}`;
};

/**
 * A slow JobMaster: for a moment the list lacks the job, while its id answers or fails: Flink asks the same JobMaster for
 * both. Who does not know the id (the table is lost, or the job was started by hand) cannot ask for it, which is an honest
 * limit.
 */
export const hide: Happening = (stage, cluster) => {
  const found = anyJob(stage, cluster);
  if (found === undefined || !isOnRecord(stage, found.life)) return undefined;
  const { life, process } = found;
  const { random, time } = stage.sim;
  const mayLose =
    cluster.zooKeeper === undefined &&
    process.identity.ha !== 'none' &&
    time.nowMs() >= (process.ledAgainMs ?? 0) + SESSION_MS;
  if (mayLose && random.chance(0.5)) return loseLeadership(stage, process);
  life.hiddenUntilMs = time.nowMs() + random.between(500, 8_000);
  if (random.chance(0.5)) life.hiddenById = 'fails';
  else delete life.hiddenById;
  touch(process);
  return `the list lacks ${life.jobId} for a moment${life.hiddenById === undefined ? '' : ', and its id fails'}`;
};

/** A leader is not lost more often than its session with ZooKeeper may be. */
const SESSION_MS = 60_000;

/** ZooKeeper was away: until its jobs are recovered the same process shows an empty list, and knows none of them by id (F100). */
const loseLeadership = ({ sim }: Stage, process: Process): string => {
  const untilMs = sim.time.nowMs() + sim.random.between(300, 1_500);
  for (const life of [...process.jobs.values()].filter(isLive))
    Object.assign(life, { hiddenUntilMs: untilMs, hiddenById: 'absent' } satisfies Partial<JobLife>);
  process.ledAgainMs = untilMs;
  touch(process);
  return `${process.id} leads no more, and again from ${untilMs} on`;
};

type Found = { readonly life: JobLife; readonly process: Process };

export const anyJob = (stage: Stage, cluster: Parameters<Happening>[1]): Found | undefined =>
  anyOf(
    stage,
    processesOf(cluster).flatMap((process) =>
      [...process.jobs.values()].filter(isLive).map((life) => ({ life, process })),
    ),
  );
