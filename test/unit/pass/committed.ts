import { withIntent } from '../../../lib/core/intent.ts';
import { type Effect, emptyJobMemory } from '../../../lib/core/model.ts';
import { anAttempt, aPost, idOf, t0 } from '../../support/builders.ts';
import { createWorld } from './fake-ports.ts';

type Run = Extract<Effect, { kind: 'run' }>;

/** The submission of a job. */
export const runOf = (job: string, changes: Partial<Run> = {}, spec: Partial<Run['attempt']['spec']> = {}): Run => {
  const post = aPost();
  const attempt = anAttempt(1, { jobId: idOf(1, job), posts: [post] });
  return { kind: 'run', job, attempt: { ...attempt, spec: { ...attempt.spec, ...spec } }, post, ...changes };
};

/** A world whose store knows the intents, as after a commit; uploads and removals are counted. */
export const committed = async (effects: readonly Effect[]) => {
  const world = createWorld();
  const lease = await world.store.acquire('realtime', { owner: 'me', nowMs: t0, untilMs: t0 + 60_000 }, t0);
  if (lease === undefined) throw new Error('no lease');
  const jobs = Object.fromEntries(effects.map((effect) => [effect.job, withIntent(emptyJobMemory, effect)]));
  await world.store.commit(lease, { jobs, incidents: [], log: [] }, t0 + 60_000, t0, t0);
  return world;
};
