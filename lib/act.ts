import { askFlink, sameProcess } from './ask-flink.ts';
import { defaults } from './core/defaults.ts';
import { asFault, type Fault, isAccessRefused } from './core/errors.ts';
import type { Attempt, Cluster, Effect, Found, JobMemory, Outcome } from './core/model.ts';
import { bakedJar } from './core/spec.ts';
import { jarsOfPass, type PassJars, type Run } from './pass-jars.ts';
import { endpointOf, type Ports, type RunRequest } from './ports.ts';
import { deleteLeft } from './snapshots/delete-left.ts';
import { proveSource } from './snapshots/prove-source.ts';

/**
 * Carries out the effects of one pass side by side; each settles by its own limit, so that none holds up another.
 * `memories`: what is known of all jobs, for jars that another one still needs.
 */
export const act = async (
  ports: Ports,
  cluster: Cluster,
  effects: readonly Effect[],
  memories: Readonly<Record<string, JobMemory>> = {},
): Promise<readonly Outcome[]> => {
  if (effects.length === 0) return [];
  const jars = jarsOfPass(ports, cluster, effects, memories);
  const outcomes = await Promise.all(
    effects.map((effect) => actSafely(ports, cluster, effect, jars, memories[effect.job]?.attempts ?? [])),
  );
  return outcomes.flat();
};

const actSafely = async (
  ports: Ports,
  cluster: Cluster,
  effect: Effect,
  jars: PassJars,
  attempts: readonly Attempt[],
): Promise<readonly Outcome[]> => {
  switch (effect.kind) {
    case 'run':
      return [await submitAndLog(ports, cluster, effect, jars, attempts)];
    case 'delete-jar':
      if (await jars.leave(effect, false))
        ports.log.info('jar removed', { cluster: cluster.name, job: effect.job, jarId: effect.jarId });
      return [];
    case 'delete-left':
      await deleteLeft(ports, cluster, effect);
      return [];
    case 'cancel':
    case 'stop-with-savepoint':
    case 'savepoint':
    case 'dispose':
      await askFlink(ports, cluster, effect);
      return [];
  }
};

const submitAndLog = async (
  ports: Ports,
  cluster: Cluster,
  effect: Run,
  jars: PassJars,
  attempts: readonly Attempt[],
): Promise<Outcome> => {
  const { attempt, post, job } = effect;
  const startedMs = ports.clock.nowMs();
  const answer = await submit(ports, cluster, effect, jars, attempts);
  const outcome = { job, attempt: attempt.n, postId: post.id, ...answer };
  const { answer: came, refusal } = outcome;
  ports.log.info(came === 'accepted' ? 'submitted' : 'not submitted', {
    cluster: cluster.name,
    job,
    attempt: attempt.n,
    jobId: attempt.jobId,
    answer: came,
    because: refusal?.text,
    ms: ports.clock.nowMs() - startedMs,
  });
  return outcome;
};

type Answer = Pick<Outcome, 'answer' | 'refusal' | 'jarId'>;

/**
 * First the secrets are read and the jar goes to the JobManager; then the process is read again, right before the call that
 * starts the job. An uploaded jar dies with its process, so that a call which reaches a later one, however late, finds no
 * jar there and does nothing.
 */
const submit = async (
  ports: Ports,
  cluster: Cluster,
  effect: Run,
  jars: PassJars,
  attempts: readonly Attempt[],
): Promise<Answer> => {
  const { clock } = ports;
  let jarId: string;
  let request: RunRequest;
  try {
    // One time for all that comes before the POST: who judges a lost one counts with it, and so does the lease.
    const deadlineMs = clock.nowMs() + defaults.uploadCallMs;
    request = await requestOf(ports, effect, clock.nowMs() + defaults.lookMs);
    jarId = await jars.bring(effect, deadlineMs);
    await proveSource(ports.snapshots, effect.attempt, attempts, deadlineMs);
    await sameProcess(ports, cluster, effect.post.to, deadlineMs);
  } catch (thrown) {
    await jars.leave(effect, effect.jarId !== undefined);
    return notSent(thrown);
  }
  const answer = await run(ports, cluster, effect, jarId, request);
  const isUnknown = answer.answer === 'unanswered' || answer.answer === 'broken';
  await jars.leave(effect, isUnknown);
  return isUnknown && bakedJar(effect.attempt.spec.jar) === undefined ? { ...answer, jarId } : answer;
};

/** The values of secrets go to Flink and nowhere else: they are in no effect, outcome or log line. */
const requestOf = async ({ secrets }: Ports, { attempt, post }: Run, deadlineMs: number): Promise<RunRequest> => {
  const { mainClass, args, parallelism, flinkConfiguration } = attempt.spec;
  const keys = Object.keys(flinkConfiguration);
  const texts = [...args, ...Object.values(flinkConfiguration)];
  const results = await Promise.allSettled(texts.map((text) => secrets.resolve(text, deadlineMs)));
  const values = results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
  return {
    // A jar of the image is in every process: nothing but its connection keeps a late call from a later one.
    ...(bakedJar(attempt.spec.jar) === undefined ? {} : { process: post.to.process }),
    jobId: attempt.jobId,
    args: values.slice(0, args.length),
    flinkConfiguration: Object.fromEntries(keys.map((key, index) => [key, values[args.length + index] ?? ''])),
    ...(mainClass === undefined ? {} : { mainClass }),
    ...(parallelism === undefined ? {} : { parallelism }),
    ...(attempt.source === undefined ? {} : { restore: restoreOf(attempt, attempt.source) }),
  };
};

const restoreOf = ({ spec }: Attempt, { path }: Found): NonNullable<RunRequest['restore']> => ({
  path,
  claimMode: spec.claimMode ?? 'NO_CLAIM',
  allowNonRestoredState: spec.allowNonRestoredState === true,
});

/** Nothing was submitted: a jar that is no jar is refused for good, everything else may pass. */
const notSent = (thrown: unknown): Answer => {
  const { kind, code, message } = asFault(thrown);
  const forGood = kind === 'rejected' && code === 'NOT_A_JAR';
  return { answer: forGood ? 'refused' : 'not-sent', refusal: { code, text: message } };
};

const run = async (
  ports: Ports,
  cluster: Cluster,
  { attempt, post }: Run,
  jarId: string,
  request: RunRequest,
): Promise<Answer> => {
  try {
    const deadlineMs = ports.clock.nowMs() + defaults.submitCallMs;
    await ports.flink.run(endpointOf(cluster, post.to), jarId, request, deadlineMs);
    return { answer: 'accepted' };
  } catch (thrown) {
    return answerOf(asFault(thrown), bakedJar(attempt.spec.jar));
  }
};

/** What stands between us and Flink is none of the job's faults, and may pass: so does a JobManager that takes no jobs, which is told as such. */
const answerOf = ({ kind, code, message }: Fault, baked: string | undefined): Answer => {
  const text = code === 'JAR_GONE' && baked !== undefined ? whereItLies(baked, message) : message;
  const refusal = { code, text };
  if (kind === 'transient' || isAccessRefused(code) || code === 'SUBMISSION_DISABLED')
    return { answer: 'not-sent', refusal };
  if (kind === 'rejected' || kind === 'invalid') return { answer: 'refused', refusal };
  return { answer: code === 'RUN_BROKEN' ? 'broken' : 'unanswered', refusal };
};

const whereItLies = (name: string, message: string): string =>
  `${message}: a jar of the image has to lie at <web.upload.dir>/flink-web-upload/${name} of the JobManager, with web.upload.dir set in Flink's configuration`;
