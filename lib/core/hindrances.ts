import { isAbsentOn, unseenTask } from './absence.ts';
import { suspectsOf } from './adoption.ts';
import { waitsForOthers } from './after.ts';
import { type Context, type Decision, held, waiting, withUnjudged } from './decision.ts';
import { defaults } from './defaults.ts';
import { isAccessRefused } from './errors.ts';
import { jarOf } from './jars.ts';
import { broughtBackText, RECOVERING, viewsOf } from './liveness.ts';
import type { Attempt, FlinkView, Job, JobMemory, Observation } from './model.ts';
import { problem } from './problems.ts';
import { mayHaveRun } from './remember.ts';
import { restPatienceMs, unprovenOverRest } from './rest-absence.ts';
import { slotsNeeded } from './slots.ts';
import { stateCodes } from './state/restore.ts';

/** What stands in the way of a first or a new submission; undefined = nothing. */
export const hindered = (job: Job, memory: JobMemory, view: FlinkView, context: Context): Decision | undefined =>
  waitsOverRest(job, memory, context) ??
  hinderedAnyway(job, memory, view, context) ??
  waitsForSlots(job, view, context);

/** The same of one that is to end first: it gives back its slots, and is absent only then. */
export const hinderedAnyway = (job: Job, memory: JobMemory, view: FlinkView, context: Context): Decision | undefined =>
  waitsForTasks(job, memory, view, context) ??
  heldByForeign(job, memory, context) ??
  waitsForAge(job, memory, view, context) ??
  waitsForOthers(job, context) ??
  waitsForJar(job, view, context);

/** What nobody sees may be this job: nothing is submitted before every JobManager shows its jobs. */
export const waitsForSight = (job: Job, memory: JobMemory, view: FlinkView, context: Context): Decision | undefined =>
  waitsOverRest(job, memory, context) ?? waitsForTasks(job, memory, view, context);

const waitsForTasks = (job: Job, memory: JobMemory, view: FlinkView, context: Context): Decision | undefined => {
  const { observation } = context;
  const decision =
    waitsForTask(job, observation) ??
    waitsForRecovery(job, view, context) ??
    waitsForAbsence(job, memory, view, observation);
  return decision && withUnjudged(decision, ...UNSEEN);
};

/** What nobody judges while it is not seen. */
const UNSEEN = [
  'UNMATCHED_JOB',
  ...stateCodes,
  'JAR_MISSING',
  'JAR_UNREADABLE',
  'SLOTS_MISSING',
  'AFTER_NOT_RUNNING',
] as const;

/** An empty list proves nothing by itself, and where ZooKeeper cannot be asked time has to. */
export const waitsOverRest = (
  job: Job,
  memory: JobMemory,
  { cluster, observation, nowMs }: Context,
): Decision | undefined => {
  const text = unprovenOverRest(memory, cluster, observation, nowMs);
  if (text === undefined) return undefined;
  const told = { ...problem('ABSENCE_UNPROVEN', text, job.name), graceMs: restPatienceMs(observation) };
  const decision = { ...waiting(job, text, undefined, { waitFor: { kind: 'ecs' } }), problem: told };
  return withUnjudged(decision, ...UNSEEN);
};

/** A JobManager that shows nothing may run anything. */
const waitsForTask = (job: Job, observation: Observation): Decision | undefined => {
  const task = unseenTask(observation);
  if (task === undefined) return undefined;
  const { taskArn, lastStatus } = task;
  const text = observation.flink[taskArn]?.known
    ? `another JobManager lists a live job that the leader does not know, or is elsewhere in ZooKeeper: ${taskArn}`
    : `another JobManager task is ${lastStatus} and does not show its jobs: ${taskArn}`;
  return waiting(job, text, 'ABSENCE_UNPROVEN', { waitFor: { kind: 'ecs' } });
};

/** A job without a name yet may be this one, started by somebody else. */
const waitsForRecovery = (job: Job, { incarnation }: FlinkView, { live }: Context): Decision | undefined => {
  const copy = live.find(({ job: { state } }) => state === RECOVERING);
  if (copy === undefined) return undefined;
  const { jobId } = copy.job;
  const waitFor = { kind: 'job', address: incarnation.address, jobId } as const;
  return waiting(job, broughtBackText(jobId), 'ABSENCE_UNPROVEN', { waitFor });
};

/** What may have run may have ended, too, or be live and not listed yet: every JobManager has to say that it has no such job. */
const waitsForAbsence = (job: Job, { attempts }: JobMemory, view: FlinkView, observation: Observation) => {
  const isAbsent = ({ jobId }: Attempt): boolean => viewsOf(observation).every((each) => isAbsentOn(each, jobId));
  const unsure = attempts.find((attempt) => attempt.end === undefined && mayHaveRun(attempt) && !isAbsent(attempt));
  if (unsure === undefined) return undefined;
  const waitFor = { kind: 'job', address: view.incarnation.address, jobId: unsure.jobId } as const;
  const text = `not every JobManager says that it has no job ${unsure.jobId}`;
  return waiting(job, text, 'ABSENCE_UNPROVEN', { saw: 'unsettled', waitFor });
};

/** Installing on a busy cluster must not double anything; nor must a person's own start. */
const heldByForeign = (job: Job, memory: JobMemory, { foreign }: Context): Decision | undefined => {
  const suspects = suspectsOf(job, memory, foreign);
  if (suspects.length === 0) return undefined;
  const listed = suspects.slice(0, defaults.suspectsMax);
  const more = suspects.length - listed.length;
  const list = listed.map((copy) => `"${copy.job.name}" (${copy.job.jobId})`).join(', ');
  const text = `live on the cluster and not a job of the manifest: ${list}${more === 0 ? '' : ` and ${more} more`}`;
  const decision = held(job, 'UNMATCHED_JOB', text);
  const commands = listed.flatMap((copy) =>
    ['adopt', 'ignore'].map((word) => `\`npx flink-autopilot ${word} CLUSTER/JOB --flink-job ${copy.job.jobId}\``),
  );
  const fix = `${decision.problem.fix} Here: ${commands.join(', ')}`;
  return { ...decision, problem: { ...decision.problem, fix } };
};

/** `submitAfterSeconds`, counted from our own first look at this process: only a least wait, never a proof. */
const waitsForAge = (job: Job, { ready }: JobMemory, view: FlinkView, context: Context): Decision | undefined => {
  const leastMs = (context.cluster.submitAfterSeconds ?? 0) * 1_000;
  const ageMs = ready?.process === view.incarnation.process ? context.nowMs - ready.sinceMs : 0;
  if (ageMs >= leastMs) return undefined;
  const text = `the JobManager is seen for ${Math.floor(ageMs / 1_000)} of ${leastMs / 1_000} s`;
  return waiting(job, `submitAfterSeconds: ${text}`, undefined, { waitFor: { kind: 'ecs' } });
};

const waitsForJar = (job: Job, view: FlinkView, context: Context): Decision | undefined => {
  const jar = jarOf(job, view, context);
  if (jar === undefined || !jar.known)
    return withUnjudged(
      waiting(job, jar?.because.text ?? `${job.jar} was not looked at`, 'JAR_UNREADABLE'),
      'JAR_MISSING',
      'SLOTS_MISSING',
    );
  return jar.value.present ? undefined : waiting(job, `there is no ${job.jar}`, 'JAR_MISSING');
};

const waitsForSlots = (job: Job, view: FlinkView, { freeSlots, keptFor }: Context): Decision | undefined => {
  const need = slotsNeeded(job);
  if ((freeSlots ?? -1) >= need) return undefined;
  const kept = keptFor === undefined ? '' : `; the rest is kept for ${keptFor}, whose priority is higher`;
  const text = freeSlots === undefined ? 'its free slots are not known' : `${freeSlots} of ${need} slots${kept}`;
  if (!view.slots.known && isAccessRefused(view.slots.because.code))
    return waiting(job, `slots: ${text}`, 'SLOTS_MISSING');
  const seen = view.slots.known ? view.slots.value.free : -1;
  return waiting(job, `slots: ${text}`, 'SLOTS_MISSING', {
    waitFor: { kind: 'slots', address: view.incarnation.address, free: seen },
  });
};
