import type { StoppedTask } from '../../../../lib/core/model.ts';

/** The TaskManagers of a cluster, all together: how many slots they have, and while they are away. */
export type TaskManagers = {
  slots: number;
  /** The last time that they were gone; `untilMs` may lie ahead. */
  away: { readonly fromMs: number; readonly untilMs: number };
  /** Whatever starts ends soon, until then. */
  crashesUntilMs: number;
  /** Their tasks that ended, the newest last. */
  stopped: readonly StoppedTask[];
  /** How long they take to find a new JobManager process (F105): least and most. */
  reconnectMs: readonly [number, number];
};

/** By Flink's default heartbeats, or by quick ones. */
export const createTaskManagers = (slots: number, hasDefaultHeartbeats: boolean): TaskManagers => ({
  slots,
  away: { fromMs: 0, untilMs: 0 },
  crashesUntilMs: 0,
  stopped: [],
  reconnectMs: hasDefaultHeartbeats ? [33_000, 50_000] : [1_000, 6_000],
});

/** What a JobManager believes that there is: it notices a dead TaskManager after this. */
const UNNOTICED_MS = 11_000;

/** `slotsMs`: since when the process knows its TaskManagers. */
export const slotsAt = ({ slots, away }: TaskManagers, slotsMs: number, nowMs: number): number =>
  nowMs < slotsMs || (nowMs >= away.fromMs + UNNOTICED_MS && nowMs < away.untilMs) ? 0 : slots;

/** When that changes next by itself. */
export const slotsChangeAt = ({ away }: TaskManagers, slotsMs: number, nowMs: number): number =>
  Math.min(
    ...[slotsMs, away.fromMs + UNNOTICED_MS, away.untilMs].map((ms) => (ms > nowMs ? ms : Number.POSITIVE_INFINITY)),
  );
