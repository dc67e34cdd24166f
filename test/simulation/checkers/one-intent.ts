import type { Attempt, Post } from '../../../lib/core/model.ts';
import type { Checker } from './checker.ts';

/** I3: no new intent while another one is unresolved: one id on one process at a time, by what is committed. */
export const oneIntent: Checker = ({ sim, world }) => {
  const known = new Map<string, unknown>();
  return () => {
    for (const { name: cluster, jobs } of world.clusters()) {
      const memory = world.store.memory(cluster);
      for (const { name } of jobs) {
        const now = memory.jobs[name];
        if (now === undefined || known.get(`${cluster}/${name}`) === now) continue;
        known.set(`${cluster}/${name}`, now);
        const how = twoOpen(now.attempts, sim.time.nowMs());
        if (how !== undefined) return `${cluster}/${name}: ${how}`;
      }
    }
    return undefined;
  };
};

const twoOpen = (attempts: readonly Attempt[], nowMs: number): string | undefined => {
  const open = attempts.flatMap(({ jobId, end, sightedOn, posts }) =>
    end !== undefined || sightedOn !== undefined
      ? []
      : posts.filter((post) => isOpen(post, nowMs)).map(({ to, answer }) => ({ jobId, process: to.process, answer })),
  );
  const [first] = open;
  const other = open.find(({ jobId, process }) => jobId !== first?.jobId || process !== first.process);
  return other && `${first?.jobId} on ${first?.process} and ${other.jobId} on ${other.process} are open`;
};

const isOpen = ({ answer, refusal, processEnded, settledByMs }: Post, nowMs: number): boolean =>
  !processEnded &&
  nowMs < settledByMs &&
  (answer === 'none' || answer === 'unanswered' || answer === 'broken' || refusal?.code === 'DUPLICATE_JOB');
