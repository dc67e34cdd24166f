import type { Decision } from './decision.ts';
import { isUnheard, isUnsettled } from './liveness.ts';
import type { Attempt, Cluster, JobMemory, Post } from './model.ts';
import { diedUnder, killsInARow, tried } from './refusals.ts';
import { withAttempts, withPosts } from './same.ts';

/**
 * Of several submissions under way when their JobManager died, one is the cause and the others are innocent. So each of
 * them goes alone afterwards, the least suspect first, while the others wait; a submission that is alone is marked so.
 */
export const oneSuspectAtATime = (
  decisions: readonly Decision[],
  cluster: Cluster,
  memories: Readonly<Record<string, JobMemory>>,
  nowMs: number,
): readonly Decision[] => {
  const runs = decisions.filter(({ effect }) => effect?.kind === 'run').map(({ job }) => job);
  if (runs.length === 0) return decisions;
  const jobs = cluster.jobs.filter(({ name }) => decisions.some(({ job }) => job === name));
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
    if (wait.has(decision.job)) return afterThem(decision);
    return alone ? markedAlone(decision) : decision;
  });
};

/** Who had an answer from a process that has ended, or was seen to run there, did not end it: the only submission of which nobody heard counts as alone. */
export const withBlame = (memories: Readonly<Record<string, JobMemory>>): Readonly<Record<string, JobMemory>> => {
  const isBroken = ({ answer, processEnded }: Post): boolean => answer === 'broken' && processEnded;
  const isAnyBroken = Object.values(memories).some(({ attempts }) =>
    attempts.some(({ posts }) => posts.some(isBroken)),
  );
  if (!isAnyBroken) return memories;
  const unheard = Object.entries(memories).flatMap(([name, { attempts }]) =>
    attempts
      .filter(({ sightedOn }) => sightedOn === undefined)
      .flatMap(({ posts }) => posts.filter(isUnheard).map(({ to }) => ({ name, process: to.process }))),
  );
  const isBlamed = (name: string, post: Post): boolean =>
    isBroken(post) && unheard.every((other) => other.name === name || other.process !== post.to.process);
  return Object.fromEntries(
    Object.entries(memories).map(([name, memory]) => {
      const attempts = memory.attempts.map((attempt) =>
        withPosts(
          attempt,
          attempt.posts.map((post) => (isBlamed(name, post) ? { ...post, alone: true } : post)),
        ),
      );
      return [name, withAttempts(memory, attempts)];
    }),
  );
};

/** What it suffers from lasts meanwhile. */
const afterThem = ({ effect: _, ...decision }: Decision): Decision => ({
  ...decision,
  verdict: 'wait',
  because: 'jobs under which a JobManager died are submitted one at a time',
  waitFor: { kind: 'ecs' },
});

const markedAlone = (decision: Decision): Decision => {
  const { effect } = decision;
  if (effect?.kind !== 'run') return decision;
  const post = { ...effect.post, alone: true } as const;
  const posts = effect.attempt.posts.map((each) => (each.id === post.id ? post : each));
  return { ...decision, effect: { ...effect, post, attempt: { ...effect.attempt, posts } } };
};
