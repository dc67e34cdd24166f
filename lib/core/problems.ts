import { defaults } from './defaults.ts';
import { causeId } from './health/exceptions.ts';
import { toldOfHealth } from './health/told-of-health.ts';
import type { Problem, Severity } from './model.ts';
import { type Told, toldOfState } from './state/told-of-state.ts';
import { toldOfTasks } from './tasks/told-of-tasks.ts';
import { tellingLimits } from './telling/limits.ts';
import { spanOf } from './times.ts';
import { toldOfCluster } from './told-of-cluster.ts';

const releaseIt =
  'Look at it in Flink. To start it anew: `npx flink-autopilot release CLUSTER/JOB` (or change its spec and deploy).';

/** Every code that can reach a person, with its patience, what happens next and what ends it (CLUSTER/JOB stands for its names). Each has a page docs/runbook/<CODE>.md. */
export const told = {
  ...toldOfCluster,
  UNMATCHED_JOB: {
    severity: 'critical',
    graceMs: 0,
    next: 'The first submission waits until this is settled; live jobs are never touched.',
    fix: 'For each live job: `npx flink-autopilot adopt CLUSTER/JOB --flink-job ID` if it is this job, `npx flink-autopilot ignore CLUSTER/JOB --flink-job ID` if it is another one; or give this job its own name on Flink as `flinkName` in the manifest and deploy.',
  },
  TWO_LIVE_COPIES: {
    severity: 'critical',
    graceMs: 0,
    next: 'Nothing is touched while two copies live.',
    fix: 'Cancel the copy that you do not want in Flink.',
  },
  JAR_MISSING: {
    severity: 'critical',
    graceMs: 0,
    next: 'It is looked for each minute and submitted when it appears.',
    fix: 'Upload the jar, or correct `jar` in the manifest and deploy (for a job that ran before also `npx flink-autopilot apply CLUSTER/JOB`).',
  },
  JAR_UNREADABLE: {
    severity: 'critical',
    graceMs: defaults.viewLostMs,
    next: 'It is tried again each minute.',
    fix: "Check the bucket's name and policy, and that the functions' roles may s3:GetObject this key (deploying again writes the roles from the manifest).",
  },
  SLOTS_MISSING: {
    severity: 'critical',
    graceMs: defaults.slotsWithinMs,
    next: 'The job is submitted as soon as enough task slots are free.',
    fix: 'Start more TaskManagers, or lower `parallelism` or `slots` in the manifest and deploy (for a job that ran before also `npx flink-autopilot apply CLUSTER/JOB`).',
  },
  ABSENCE_UNPROVEN: {
    severity: 'critical',
    graceMs: defaults.readyWithinMs,
    next: 'Nothing is submitted until it is proven that no copy is left; it is looked at each minute.',
    fix: 'Look whether the old JobManager task still runs in ECS; stop it if it hangs.',
  },
  LOSS_UNPROVEN: {
    severity: 'critical',
    graceMs: 0,
    next: 'Held: behind a URL nobody can prove that the old process, and the job on it, has ended.',
    fix: 'Make sure that the old JobManager has ended; then `npx flink-autopilot release CLUSTER/JOB`.',
  },
  AFTER_NOT_RUNNING: {
    severity: 'warning',
    graceMs: defaults.afterWithinMs,
    next: 'The job is submitted as soon as the jobs that it names in `after` run, or have finished.',
    fix: 'Look at the jobs that it waits for, or take them out of `after` in the manifest and deploy.',
  },
  CANCEL_UNFINISHED: {
    severity: 'warning',
    graceMs: defaults.cancelWithinMs,
    done: 'It was asked to end, and is still there.',
    next: 'It is asked again each minute; once it has ended it is started again.',
    fix: 'Look at the job in Flink (a task that does not react?), and cancel it there.',
  },
  JOB_ABSENT: {
    severity: 'critical',
    graceMs: defaults.readyWithinMs,
    next: 'Nothing is submitted here; it is looked at each minute.',
    fix: 'Start it the way it was started before, or let the autopilot do it (`mode: run` in the manifest, then deploy).',
  },
  SUBMISSION_FAILING: {
    severity: 'critical',
    graceMs: defaults.viewLostMs,
    next: 'It is tried again each minute.',
    fix: 'Look at the cause; it was not possible to bring the job to the JobManager.',
  },
  SUBMISSION_REFUSED: {
    severity: 'critical',
    graceMs: 0,
    done: 'It was submitted, and Flink refused it.',
    next: 'Held: it is not tried again by itself.',
    fix: 'Correct the job (its jar, or its entry in the manifest, then deploy); a new jar under the same name is noticed. To try the same once more: `npx flink-autopilot release CLUSTER/JOB`.',
  },
  SUBMISSION_UNANSWERED: {
    severity: 'critical',
    graceMs: 0,
    done: 'It was submitted; no answer came, and the job did not appear.',
    next: 'It is submitted once more under the same id, so that it cannot run twice; after that it is held until the job, its jar or the JobManager changes.',
    fix: "Look at what the job's main() waits for in the JobManager's log. To try once more when it is held: `npx flink-autopilot release CLUSTER/JOB`.",
  },
  SUBMISSION_KILLS_JOBMANAGER: {
    severity: 'critical',
    graceMs: 0,
    done: 'It was submitted, and its JobManager ended under it each time.',
    next: 'Held, so that this job cannot take the cluster down again.',
    fix: "Correct the job's main() (System.exit?), or set `cluster.intercept-user-system-exit: THROW` in the cluster; then `npx flink-autopilot release CLUSTER/JOB` (or change the job in the manifest and deploy).",
  },
  MAIN_THREW: {
    severity: 'critical',
    graceMs: 0,
    done: 'It was submitted, and its main() threw each time.',
    next: 'It is tried again after 1, 2, 4, 8, 15, then every 30 minutes.',
    fix: "Look at the cause; if it does not pass by itself, correct the job's main() or its arguments and deploy. To try at once: `npx flink-autopilot release CLUSTER/JOB`.",
  },
  ...toldOfTasks,
  ...toldOfState,
  JOB_STOPPED: {
    severity: 'warning',
    graceMs: 0,
    next: 'Held: `flink stop` is taken as a wish. Its savepoint is kept in mind.',
    fix: 'To start it from its savepoint: `npx flink-autopilot release CLUSTER/JOB`.',
  },
  JOB_CANCELED: {
    severity: 'warning',
    graceMs: 0,
    next: 'Held: cancelling is taken as a wish.',
    fix: releaseIt,
  },
  JOB_FAILED: {
    severity: 'critical',
    graceMs: 0,
    next: `It is started again from its newest state, ${defaults.healing.restartsMax} times at most; if that brings nothing it is held. This message ends when all its tasks have run for ${spanOf(defaults.healing.distanceMs)}.`,
    fix: 'Look at its exceptions in Flink. A corrected jar under the same name is noticed, and so is a change of its entry in the manifest once that is deployed: it is started at once then. To start it anew as it is: `npx flink-autopilot release CLUSTER/JOB`.',
  },
  JOB_GONE: {
    severity: 'critical',
    graceMs: 0,
    next: 'Held: its JobManager still runs, or high availability has kept its memory, so it ended while nobody looked.',
    fix: releaseIt,
  },
  JOB_LOST_REPEATEDLY: {
    severity: 'critical',
    graceMs: 0,
    done: 'It was started again after each loss.',
    next: 'It is started again each time, as long as its JobManager comes back.',
    fix: 'Look at why the JobManager ends (exit code and log of its stopped tasks in ECS; 137 is out of memory); if this job is the cause set `enabled: false` and deploy.',
  },
  SECOND_EXECUTE: {
    severity: 'warning',
    graceMs: 0,
    done: 'It was submitted.',
    next: 'Nothing is done: the job of the first `execute()` runs on.',
    fix: 'Make one job of them, or one entry of the manifest for each; upload the corrected jar, then `npx flink-autopilot restart CLUSTER/JOB` (after a change of the entry deploy and `npx flink-autopilot apply CLUSTER/JOB`).',
  },
  TASKS_NOT_RUNNING: {
    severity: 'critical',
    graceMs: defaults.tasksWithinMs,
    next: `Flink is left alone; it is looked at each minute. If it is stuck (CREATED or RESTARTING, unchanged for ${spanOf(defaults.healing.stuckFactor * defaults.tasksWithinMs)} or more although the slots that it needs are free) it is started again from its newest state, within its budget and where its checkpoints outlive a cancel.`,
    fix: "Look at the job's exceptions and the free task slots in Flink.",
  },
  ...toldOfHealth,
  WEBHOOK_FAILING: {
    severity: 'warning',
    graceMs: tellingLimits.webhookFailingMs,
    next: 'What was not delivered is tried again each minute, and where it was refused every ten minutes. This message ends with the first one that is taken.',
    fix: 'Look at the answer above: correct `alerts.webhooks` in the manifest and deploy, or the value of the secret that it refers to; look at whether the functions reach the address (NAT gateway, security groups).',
  },
  AUTOPILOT_BUG: {
    severity: 'critical',
    graceMs: 0,
    next: "This job's work is stopped; other jobs go on.",
    fix: 'Please report it with the log line of this time; the job itself is not touched.',
  },
} as const satisfies Record<string, Told>;

export type ToldCode = keyof typeof told;

const byCode: ReadonlyMap<string, Told> = new Map(Object.entries(told));

/** What is told under this code; undefined for an unknown one, which another version wrote. */
export const wordsOf = (code: string): Told | undefined => byCode.get(code);

/** What an incident of this code means for people; an unknown one is better taken seriously. */
export const severityOf = (code: string): Severity => wordsOf(code)?.severity ?? 'critical';

/**
 * A problem of a job, or of the cluster when `job` is absent. `gist`: what a person hears of anew when it changes in more
 * than numbers and ids, such as the root cause, or that it is held now and no longer tried.
 */
export const problem = (code: ToldCode, what: string, job?: string, gist?: string): Problem => {
  const { graceMs, done, next, fix }: Told = told[code];
  return {
    code,
    what,
    graceMs,
    ...(done === undefined ? {} : { done }),
    next,
    fix,
    ...(job === undefined ? {} : { job }),
    ...(gist === undefined ? {} : { gist: causeId(gist) }),
  };
};
