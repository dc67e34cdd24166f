import { defaults } from './core/defaults.ts';
import { asFault, Fault } from './core/errors.ts';
import type { Cluster, Effect, Outcome } from './core/model.ts';
import { type Endpoint, endpointOf, type Ports } from './ports.ts';

/** Carries out the effects of one pass side by side; each settles by its own limit, so that none holds up another. */
export const act = async (ports: Ports, cluster: Cluster, effects: readonly Effect[]): Promise<readonly Outcome[]> => {
  const outcomes = await Promise.all(effects.map((effect) => actSafely(ports, cluster, effect)));
  return outcomes.flat();
};

const actSafely = async (ports: Ports, cluster: Cluster, effect: Effect): Promise<readonly Outcome[]> => {
  if (effect.kind === 'delete-jar') return deleteLeftJar(ports, cluster, effect);
  if (effect.kind === 'cancel') return cancel(ports, cluster, effect);
  const { attempt, post, job } = effect;
  const startedMs = ports.clock.nowMs();
  const answer = await submit(ports, cluster, effect);
  const outcome = { job, attempt: attempt.n, postId: post.id, ...answer };
  const { answer: came, refusal } = outcome;
  const fields = {
    cluster: cluster.name,
    job,
    attempt: attempt.n,
    jobId: attempt.jobId,
    answer: came,
    because: refusal?.text,
  };
  ports.log.info(came === 'accepted' ? 'submitted' : 'not submitted', {
    ...fields,
    ms: ports.clock.nowMs() - startedMs,
  });
  return [outcome];
};

type Answer = Pick<Outcome, 'answer' | 'refusal' | 'jarId'>;
type Run = Extract<Effect, { kind: 'run' }>;

/**
 * First the jar goes to the JobManager; then the process is read again, right before the call that starts the job. A
 * jar dies with its process, so that a call which reaches a later one, however late, finds no jar there and does nothing.
 */
const submit = async (ports: Ports, cluster: Cluster, effect: Run): Promise<Answer> => {
  const at = endpointOf(cluster, effect.post.to);
  let jarId = effect.jarId;
  try {
    const deadlineMs = ports.clock.nowMs() + defaults.uploadCallMs;
    jarId ??= await ports.flink.upload(at, jarOf(effect), deadlineMs);
    const { process } = await ports.flink.identity(at, deadlineMs);
    if (process !== effect.post.to.process)
      throw new Fault('transient', 'PROCESS_CHANGED', 'the JobManager restarted before the submission');
  } catch (thrown) {
    if (jarId !== undefined && jarId !== effect.jarId) await deleteJar(ports, at, jarId);
    return notSent(thrown);
  }
  const answer = await run(ports, at, jarId, effect);
  if (answer.answer === 'unanswered' || answer.answer === 'broken') return { ...answer, jarId };
  await deleteJar(ports, at, jarId);
  return answer;
};

const jarOf = ({ attempt }: Run) => ({
  uri: attempt.spec.jar,
  version: attempt.jarVersion,
  sizeBytes: attempt.jarSizeBytes,
});

/** Nothing was submitted: a jar that is no jar is refused for good, everything else may pass. */
const notSent = (thrown: unknown): Answer => {
  const { kind, code, message } = asFault(thrown);
  const forGood = kind === 'rejected' && code === 'NOT_A_JAR';
  return { answer: forGood ? 'refused' : 'not-sent', refusal: { code, text: message } };
};

const run = async (ports: Ports, at: Endpoint, jarId: string, { attempt }: Run): Promise<Answer> => {
  const { mainClass, args, parallelism, flinkConfiguration } = attempt.spec;
  const request = {
    jobId: attempt.jobId,
    args,
    flinkConfiguration,
    ...(mainClass === undefined ? {} : { mainClass }),
    ...(parallelism === undefined ? {} : { parallelism }),
  };
  try {
    await ports.flink.run(at, jarId, request, ports.clock.nowMs() + defaults.submitCallMs);
    return { answer: 'accepted' };
  } catch (thrown) {
    return answerOf(asFault(thrown));
  }
};

const answerOf = ({ kind, code, message }: Fault): Answer => {
  const refusal = { code, text: message };
  if (kind === 'transient') return { answer: 'not-sent', refusal };
  if (kind === 'rejected' || kind === 'invalid') return { answer: 'refused', refusal };
  return { answer: code === 'RUN_BROKEN' ? 'broken' : 'unanswered', refusal };
};

/** A call that fails is made again: the next look tells whether the job has ended. */
const cancel = async (
  { flink, clock, log }: Ports,
  cluster: Cluster,
  { job, attempt, to }: Extract<Effect, { kind: 'cancel' }>,
): Promise<readonly Outcome[]> => {
  const fields = { cluster: cluster.name, job, attempt: attempt.n, jobId: attempt.jobId };
  try {
    await flink.cancel(endpointOf(cluster, to), attempt.jobId, clock.nowMs() + defaults.lookMs);
    log.info('cancelled', fields);
  } catch (thrown) {
    log.info('not cancelled', { ...fields, because: asFault(thrown).message });
  }
  return [];
};

const deleteLeftJar = async (
  ports: Ports,
  cluster: Cluster,
  { to, jarId, job }: Extract<Effect, { kind: 'delete-jar' }>,
): Promise<readonly Outcome[]> => {
  await deleteJar(ports, endpointOf(cluster, to), jarId);
  ports.log.info('jar removed', { cluster: cluster.name, job, jarId });
  return [];
};

/** Tidying up; what is left goes with the JobManager. */
const deleteJar = async ({ flink, clock, log }: Ports, at: Endpoint, jarId: string): Promise<void> => {
  try {
    await flink.deleteJar(at, jarId, clock.nowMs() + defaults.lookMs);
  } catch (thrown) {
    log.info('jar not removed', { jarId, because: asFault(thrown).message });
  }
};
