import type { Effect, JobMemory, LogEntry, Outcome } from './model.ts';
import type { Consumed } from './orders.ts';
import { isOpen, outcomeIn } from './state/savepoints.ts';

const EXPIRED = 'it expired before it could be carried out';

/** What came of the calls of the last pass. */
export const outcomeLines = (
  job: string,
  { attempts }: JobMemory,
  outcomes: readonly Outcome[],
  nowMs: number,
): readonly LogEntry[] =>
  outcomes
    .filter((outcome) => outcome.job === job)
    .map(({ attempt, answer, refusal }) => {
      const jobId = attempts.find(({ n }) => n === attempt)?.jobId ?? '';
      return { job, attempt, jobId, what: answer, because: refusal?.text ?? '', atMs: nowMs };
    });

/** Ordered ends that were not sent in time and are taken back: the order itself is over long since. */
export const expiredLines = (
  job: string,
  before: JobMemory,
  { attempts }: JobMemory,
  atMs: number,
): readonly LogEntry[] =>
  before.attempts.flatMap(({ n, jobId, stop }) => {
    const now = attempts.find((attempt) => attempt.jobId === jobId);
    if (stop === undefined || now === undefined || now.stop !== undefined) return [];
    const because = `${EXPIRED}; ${stop.because}`;
    return [{ job, attempt: n, jobId, what: `${stop.order} dropped`, because, atMs }];
  });

/** What is about to be done. */
export const effectLines = (effect: Effect | undefined, because: string, atMs: number): readonly LogEntry[] => {
  if (effect === undefined || effect.kind === 'delete-jar') return [];
  const { job, attempt, kind } = effect;
  return [{ job, attempt: attempt.n, jobId: attempt.jobId, what: kind, because, atMs }];
};

/** What came of an order. */
export const orderLine = (
  { id, job = '', what, because }: Consumed,
  { attempts }: JobMemory,
  atMs: number,
): LogEntry => {
  const last = attempts.at(-1);
  return { job, attempt: last?.n ?? 0, jobId: last?.jobId ?? '', what, because, atMs, orderId: id };
};

/** What came of savepoints beside the jobs' work. */
export const savepointLines = (
  job: string,
  before: JobMemory,
  { attempts }: JobMemory,
  atMs: number,
): readonly LogEntry[] =>
  before.attempts.flatMap(({ n, jobId, savepoint, snapshots: known = [] }) => {
    const now = attempts.find((attempt) => attempt.jobId === jobId);
    if (savepoint === undefined || now === undefined || !isOpen(savepoint)) return [];
    const line = (what: string, because: string): readonly LogEntry[] => [
      { job, attempt: n, jobId, what: `savepoint ${what}`, because, atMs },
    ];
    const { failed, path } = now.savepoint ?? {};
    if (failed !== undefined) return line('failed', failed);
    if (path !== undefined) return line('completed', path);
    if (now.savepoint !== undefined) return [];
    if (savepoint.sentMs === undefined)
      return line('dropped', `${now.stop === undefined ? EXPIRED : 'its job is to end'}; ${savepoint.because}`);
    const outcome = outcomeIn(savepoint, known, now.snapshots);
    return outcome === undefined ? [] : line('completed', outcome.path);
  });

/** Savepoints that were ordered in the very look in which a later order ends their job: that one takes its own. */
export const overtakenLines = (
  job: string,
  orders: readonly Consumed[],
  { attempts }: JobMemory,
  atMs: number,
): readonly LogEntry[] => {
  const ending = attempts.find(({ stop, end }) => stop !== undefined && end === undefined);
  if (ending === undefined) return [];
  return orders
    .filter(({ what }) => what === 'savepoint')
    .map(({ because }) => ({
      job,
      attempt: ending.n,
      jobId: ending.jobId,
      what: 'savepoint dropped',
      because: `its job is to end; ${because}`,
      atMs,
    }));
};
