import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tellingLimits } from '../../lib/core/telling/limits.ts';
import { CLUSTER as ECS_CLUSTER } from '../../local/deploy/deployments.ts';
import type { Timeline } from '../../local/show/timeline.ts';
import { waitFor } from '../../local/wait-for.ts';
import { type Alerts, subscribe } from '../e2e/support/alerts.ts';
import { STATE_DIRS } from '../e2e/support/bucket.ts';
import { openBus } from '../e2e/support/bus.ts';
import { countsBelow } from '../e2e/support/counter.ts';
import { openGates } from '../e2e/support/gates.ts';
import { RUNNING_MAX_MS, statefulJob } from '../e2e/support/jobs.ts';
import { submissionsToFlink } from '../e2e/support/logs.ts';
import { report } from '../e2e/support/report.ts';
import { installProduct, openStage, type Stage } from '../e2e/support/stage.ts';
import { comesAndGoes, type Judgement, judge, openIncidents, type Start } from './judge.ts';
import { createPlan } from './plan.ts';
import { downJobs } from './settle.ts';
import { followStarts } from './starts.ts';
import { makeTrouble, type Scene, sleep } from './trouble.ts';

/**
 * Round after round of trouble for so long on a real cluster and the deployed product, each until all has settled; then
 * everything that was told has to come to its end. Gives each promise with what broke it.
 */
export const soak = async (options: SoakOptions): Promise<readonly Judgement[]> => {
  const { timeline } = options;
  const scene = await open(options);
  const { stage } = scene;
  const startedMs = Date.now();
  try {
    const seen = await troubled(scene, options, startedMs);
    const told = await allOver(scene.alerts, timeline);
    const down = await downJobs(stage, CLUSTER, JOBS);
    const counts = Object.fromEntries(
      await Promise.all(JOBS.map(async (job) => [job, await countsBelow(stage.world, outOf(job))] as const)),
    );
    const { copies, allCopies } = stage.watcher;
    const evidence = {
      ...seen,
      copies: await (options.jobManagers > 1 ? copies : allCopies)(startedMs),
      submissions: submissionsToFlink(stage.world),
      counts,
      told,
      down,
    };
    const judgements = judge(evidence);
    if (judgements.some(({ broken }) => broken.length > 0)) await keepReport(stage, startedMs, timeline);
    const lines = Object.values(counts).reduce((sum, each) => sum + each.lines, 0);
    timeline.done(
      `${seen.rounds} rounds, ${evidence.submissions.length} submissions, ${lines} lines of output, ${told.length} messages`,
    );
    return judgements;
  } finally {
    scene.alerts.close();
    scene.bus.close();
    scene.gates.close();
    await stage.close();
  }
};

export type SoakOptions = {
  readonly minutes: number;
  readonly seed: number;
  readonly jobManagers: number;
  readonly timeline: Timeline;
};

const CLUSTER = 'soak';
const JOBS = ['counting', 'counting-too'] as const;
const outOf = (job: string): string => `soak/${job}`;

/** What is told of lost attempts looks back for a quarter of an hour; then some looks of the schedule. */
const OVER_MAX_MS = 20 * 60_000;

/** Who does not settle by then never will. */
const SETTLED_MAX_MS = 600_000;

type OpenScene = Scene & { readonly alerts: Alerts };

const open = async ({ jobManagers, timeline }: SoakOptions): Promise<OpenScene> => {
  const stage = await timeline.step('AWS, and serverless deploy of the Flink cluster', () =>
    openStage(CLUSTER, undefined, {}, jobManagers),
  );
  try {
    const gates = await openGates(stage.world);
    const led = jobManagers > 1 ? { leader: { quorum: gates.quorum, clusterId: `/${ECS_CLUSTER}` } } : {};
    const jobs = JOBS.map((job) => statefulJob(job, outOf(job), '5 s'));
    await timeline.step('serverless deploy of the autopilot', () =>
      installProduct(stage, { name: CLUSTER, restPort: gates.restPort, ...led, ...STATE_DIRS, jobs }),
    );
    const [alerts, bus] = await Promise.all([subscribe(stage.world), openBus(stage.world)]);
    stage.world.agent.startTasks();
    await timeline.step('first start of the jobs', () =>
      waitFor('the jobs to run', SETTLED_MAX_MS, async () => (await downJobs(stage, CLUSTER, JOBS)).length === 0),
    );
    return { stage, gates, bus, alerts };
  } catch (error) {
    await stage.close();
    throw error;
  }
};

type Troubled = { readonly rounds: number; readonly starts: readonly Start[]; readonly late: readonly string[] };

const troubled = async (scene: OpenScene, options: SoakOptions, startedMs: number): Promise<Troubled> => {
  const { minutes, seed, jobManagers, timeline } = options;
  const nextRound = createPlan(seed, jobManagers > 1);
  const newStarts = followStarts(scene.stage, CLUSTER, JOBS);
  const starts = [...(await newStarts())];
  const late: string[] = [];
  let rounds = 0;
  const untilMs = startedMs + minutes * 60_000;
  while (Date.now() < untilMs) {
    rounds += 1;
    const round = nextRound();
    await makeTrouble(scene, round, (text) => timeline.mark(`${rounds}: ${text}`));
    const tookMs = await settled(scene.stage);
    timeline.mark(`${rounds}: all jobs run after ${(tookMs / 1_000).toFixed(1)} s`);
    if (tookMs > RUNNING_MAX_MS) late.push(`round ${rounds}: only after ${Math.round(tookMs / 1_000)} s`);
    if (tookMs > SETTLED_MAX_MS) break;
    starts.push(...(await newStarts()));
    await sleep(round.restMs);
  }
  return { rounds, starts, late };
};

/** Flink may not have noticed yet what it lost. */
const SETTLED_FOR_MS = 10_000;
const LOOK_EVERY_MS = 500;

/** Waits until all jobs run, and go on to; gives how long it took until they did: more than SETTLED_MAX_MS if they never do. */
const settled = async (stage: Stage): Promise<number> => {
  const fromMs = performance.now();
  let runSinceMs: number | undefined;
  for (;;) {
    const nowMs = performance.now();
    const down = await downJobs(stage, CLUSTER, JOBS);
    if (down.length > 0) runSinceMs = undefined;
    else runSinceMs ??= nowMs;
    if (runSinceMs !== undefined && nowMs - runSinceMs >= SETTLED_FOR_MS) return runSinceMs - fromMs;
    if (nowMs - fromMs > SETTLED_MAX_MS + SETTLED_FOR_MS) return nowMs - fromMs;
    await sleep(LOOK_EVERY_MS);
  }
};

/** Waits until all that was told is told to be over; gives all of it. */
const allOver = async (alerts: Alerts, timeline: Timeline) => {
  let told = await alerts.incidents();
  const left = openIncidents(told);
  const heldBackMs = left.some((key) => comesAndGoes(told, key)) ? tellingLimits.flapStableMs : 0;
  const untilMs = Date.now() + OVER_MAX_MS + heldBackMs;
  if (left.length > 0) timeline.mark(`no trouble any more; to be over: ${left.join(', ')}`);
  while (openIncidents(told).length > 0 && Date.now() < untilMs) {
    await sleep(5_000);
    told = await alerts.incidents();
  }
  return told;
};

/** What a person needs who looks for the reason. */
const keepReport = async (stage: Stage, startedMs: number, timeline: Timeline): Promise<void> => {
  const file = join(stage.world.dir, '..', 'soak-report.txt');
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, await report(stage, startedMs));
  timeline.fail(`all that was seen: ${file}`);
};
