import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, Post } from '../../../lib/core/model.ts';
import { always, type Checker } from './checker.ts';

/**
 * I3: no new intent while another one is unresolved: one id on one process at a time, by what is committed; and it is sent
 * again only if it may never have arrived, and not before its own call is over.
 */
export const oneIntent: Checker = always(({ sim, world }) => {
  const known = new Map<string, unknown>();
  return () => {
    for (const { name: cluster, jobs } of world.clusters()) {
      const memory = world.store.memory(cluster);
      if (known.get(cluster) === memory) continue;
      known.set(cluster, memory);
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
});

const twoOpen = (attempts: readonly Attempt[], nowMs: number): string | undefined => {
  const open = attempts.flatMap(({ jobId, end, sightedOn, posts }) =>
    end !== undefined || sightedOn !== undefined
      ? []
      : posts.filter((post) => isOpen(post, nowMs)).map(({ to, answer }) => ({ jobId, process: to.process, answer })),
  );
  const again = attempts.map(({ posts }) => sentTooEarly(posts, nowMs)).find((how) => how !== undefined);
  if (again !== undefined) return again;
  const [first] = open;
  const other = open.find(({ jobId, process }) => jobId !== first?.jobId || process !== first.process);
  return other && `${first?.jobId} on ${first?.process} and ${other.jobId} on ${other.process} are open`;
};

const sentTooEarly = (posts: readonly Post[], nowMs: number): string | undefined => {
  const newest = posts.at(-1);
  if (newest?.answer !== 'none') return undefined;
  const before = posts.slice(0, -1).filter((post) => isOpen(post, nowMs) && newest.sentMs < post.settledByMs);
  const running = before.find(({ answer }) => answer === 'unanswered');
  if (running !== undefined) return `POST ${newest.id} although main() of POST ${running.id} runs`;
  const early = before.find(({ sentMs }) => newest.sentMs < sentMs + defaults.repeatAfterMs - SKEW_MS);
  return early && `POST ${newest.id} before the call of POST ${early.id} is over`;
};

/** Clocks differ by so much, and may be set back. */
const SKEW_MS = 8_000;

const isOpen = ({ answer, refusal, processEnded, settledByMs }: Post, nowMs: number): boolean =>
  !processEnded &&
  nowMs < settledByMs &&
  (answer === 'none' || answer === 'unanswered' || answer === 'broken' || refusal?.code === 'DUPLICATE_JOB');
