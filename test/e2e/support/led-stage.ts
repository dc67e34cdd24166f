import { expect } from 'vitest';
import { CLUSTER as ECS_CLUSTER } from '../../../local/deploy/deployments.ts';
import { waitFor } from '../../../local/wait-for.ts';
import { type Alerts, subscribe, type Told } from './alerts.ts';
import { lastAttempt } from './attempts.ts';
import { STATE_DIRS } from './bucket.ts';
import { type Gates, openGates } from './gates.ts';
import { RUNNING_MAX_MS, statefulJob } from './jobs.ts';
import { runsOnLeader } from './led.ts';
import { submissionsToFlink } from './logs.ts';
import { lookNow } from './look-now.ts';
import { installProduct, openStage, type Stage } from './stage.ts';

/** From the beginning of trouble until a person is told of it: three minutes without a leader, on a slow machine. */
export const TOLD_MAX_MS = 300_000;

/** Until they are told, until the job runs again, and until they are told that it is over. */
export const TROUBLE_MAX_MS = TOLD_MAX_MS + 2 * RUNNING_MAX_MS;

/** Two JobManagers with a ZooKeeper, behind gates, and one stateful job of theirs that runs and was seen. */
export const openLedStage = async (cluster: string, job: string): Promise<LedStage> => {
  const stage = await openStage(cluster, undefined, {}, 2);
  try {
    return await startJob(stage, cluster, job);
  } catch (error) {
    await stage.close();
    throw error;
  }
};

const startJob = async (stage: Stage, cluster: string, job: string): Promise<LedStage> => {
  const gates = await openGates(stage.world);
  const jobs = [statefulJob(job, cluster, '1 s')];
  const leader = { quorum: gates.quorum, clusterId: `/${ECS_CLUSTER}` };
  const deploy: LedStage['deploy'] = (isLed) => {
    const led = isLed ? { leader } : {};
    return installProduct(stage, { name: cluster, restPort: gates.restPort, ...led, ...STATE_DIRS, jobs });
  };
  await deploy(true);
  const alerts = await subscribe(stage.world);
  const startedMs = Date.now();
  stage.world.agent.startTasks();
  await runsOnLeader(stage, job);
  const last = () => lastAttempt(stage, cluster, job);
  await waitFor('the job to be seen', RUNNING_MAX_MS, async () => {
    await lookNow(stage.world);
    return (await last()).sightedOn !== undefined;
  });
  const close = async (): Promise<void> => {
    alerts.close();
    gates.close();
    await stage.close();
  };
  return { stage, gates, alerts, startedMs, deploy, last, runs: () => runsOnLeader(stage, job), close };
};

export type LedStage = {
  readonly stage: Stage;
  readonly gates: Gates;
  readonly alerts: Alerts;
  readonly startedMs: number;
  /** Deploys the manifest with, or without, `leader`. */
  deploy(isLed: boolean): Promise<void>;
  /** The newest attempt of the job. */
  last(): ReturnType<typeof lastAttempt>;
  /** Waits until the leader lists the job with all tasks running; gives its id. */
  runs(): Promise<string>;
  close(): Promise<void>;
};

/** Looks until something was told that was not told before. */
export const toldAfter = ({ stage, alerts }: LedStage, count: number): Promise<readonly Told[]> =>
  waitFor('an alert', TOLD_MAX_MS, async () => {
    await lookNow(stage.world);
    const told = await alerts.told();
    return told.length > count ? told.slice(count) : undefined;
  });

/** Through `trouble` the job keeps its id, nothing is submitted, and at most one incident is told, with its end. Gives its code. */
export const untouched = async (led: LedStage, trouble: () => Promise<unknown>): Promise<string | undefined> => {
  const { stage, alerts, last, runs } = led;
  const { n, jobId } = await last();
  const submissions = submissionsToFlink(stage.world).length;
  const before = (await alerts.told()).length;
  // Outages follow each other within minutes here; each is judged as the only one.
  stage.world.agent.forgetStopped();
  await trouble();
  expect(await runs()).toBe(jobId);
  const told = await waitFor('what was told to be over', RUNNING_MAX_MS, async () => {
    await lookNow(stage.world);
    const since = (await alerts.told()).slice(before);
    return since.length % 2 === 0 ? since : undefined;
  });
  const [opened] = told;
  const both = opened === undefined ? [] : [opened, { ...opened, state: 'closed' }];
  expect(told).toEqual(both);
  expect(await last()).toMatchObject({ n, jobId });
  expect(submissionsToFlink(stage.world)).toHaveLength(submissions);
  return opened?.code;
};
