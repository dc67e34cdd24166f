import type { Attempt } from '../../../lib/core/model.ts';
import { aCheckpoint, anAttempt, aPost, aStatefulJob, idOf, jm, memoryOf, ranOn, t0 } from '../../support/builders.ts';

/** Attempts 1 and 2 are lost; the newest, 3, was started from a checkpoint of 2, and has one of its own. */
export const dir = (n: number) => `s3://state/checkpoints/${idOf(n)}`;
export const lost = (n: number, changes: Partial<Attempt> = {}): Attempt =>
  ranOn(jm(9), n, { end: { state: 'LOST', atMs: t0 }, ...changes });
export const unheard = (processEnded: boolean): Attempt =>
  anAttempt(1, { posts: [aPost({ to: jm(8), processEnded: true }), aPost({ id: 2, to: jm(9), processEnded })] });
export const newest = (changes: Partial<Attempt> = {}): Attempt =>
  ranOn(jm(), 3, { source: aCheckpoint(42, 2), snapshots: [aCheckpoint(43, 3)], ...changes });
export const startedEmpty = (changes: Partial<Attempt> = {}): Attempt => {
  const { source: _, ...empty } = newest(changes);
  return empty;
};
export const memory = (changes: Partial<Attempt> = {}) => memoryOf(lost(1), lost(2), newest(changes));
export const job = aStatefulJob();
