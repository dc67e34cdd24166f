import type { LogLine } from '../../local/show/follow-log.ts';

export type { LogLine };

/** What the autopilot logged on the way to a job, epoch ms. */
export type Steps = {
  /** The first event that reached a function. */
  readonly eventMs: number;
  /** When the pass that decided to submit began, and when it had committed that. */
  readonly passMs: number;
  readonly committedMs: number;
};

/** Finds the steps towards a job in log lines of the function since a moment; undefined while they are not all there. */
export const stepsIn = (lines: readonly LogLine[], jobId: string, sinceMs: number): Steps | undefined => {
  const submitted = lines.find(({ line }) => line.message === 'submitted' && line.jobId === jobId);
  if (submitted === undefined) return undefined;
  const way = lines.filter(({ atMs }) => atMs >= sinceMs && atMs <= submitted.atMs).sort((a, b) => a.atMs - b.atMs);
  const event = way.find(({ line }) => line.message === 'event received');
  const pass = way.findLast(({ line }) => line.message === 'pass' && line.decision === 'act');
  if (pass === undefined || event === undefined) return undefined;
  return { eventMs: event.atMs, passMs: pass.atMs - Number(pass.line.ms), committedMs: pass.atMs };
};
