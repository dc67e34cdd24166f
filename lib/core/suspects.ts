import { type Decision, waiting } from './decision.ts';
import { isUnsettled } from './liveness.ts';
import type { Attempt, Cluster, Job, JobMemory } from './model.ts';
import { diedUnder, killsInARow, tried } from './refusals.ts';

/**
 * Of several submissions under way when their JobManager died, one is the cause and the others are innocent. So each of
 * them goes alone afterwards, the least suspect first, while the others wait; a submission that is alone is marked so.
 */
export const oneSuspectAtATime = (
  decisions: readonly Decision[],
  { jobs }: Cluster,
  memories: Readonly<Record<string, JobMemory>>,
  nowMs: number,
): readonly Decision[] => {
  const runs = decisions.filter(({ effect }) => effect?.kind === 'run').map(({ job }) => job);
  const attemptsOf = (name: string): readonly Attempt[] => memories[name]?.attempts ?? [];
  const busy = jobs.some(({ name }) => attemptsOf(name).some((attempt) => isUnsettled(attempt, nowMs)));
  const suspects = jobs
    .filter(({ name }) => runs.includes(name) && tried(attemptsOf(name)).slice(-1).some(diedUnder))
    .map((job) => ({ job, kills: killsInARow(attemptsOf(job.name), job.revision) }))
    .toSorted((a, b) => a.kills - b.kills);
  const [least] = suspects;
  const others = least === undefined ? [] : runs.filter((name) => name !== least.job.name);
  const wait = new Set(busy ? suspects.map(({ job }) => job.name) : others);
  const alone = !busy && runs.length - wait.size === 1;
  return decisions.map((decision) => {
    const job = jobs.find(({ name }) => name === decision.job);
    if (job !== undefined && wait.has(job.name)) return afterThem(job);
    return alone ? markedAlone(decision) : decision;
  });
};

const afterThem = (job: Job): Decision =>
  waiting(job, 'jobs under which a JobManager died are submitted one at a time', undefined, {
    waitFor: { kind: 'ecs' },
  });

const markedAlone = (decision: Decision): Decision => {
  const { effect } = decision;
  if (effect?.kind !== 'run') return decision;
  const post = { ...effect.post, alone: true } as const;
  const posts = effect.attempt.posts.map((each) => (each.id === post.id ? post : each));
  return { ...decision, effect: { ...effect, post, attempt: { ...effect.attempt, posts } } };
};
