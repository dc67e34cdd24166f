import type { JobManagerTask } from '../../../../lib/core/model.ts';
import type { Process } from '../flink/process.ts';

/** A task of a JobManager service, with the process in it, if there is one. */
export type Task = { -readonly [K in keyof JobManagerTask]: JobManagerTask[K] } & {
  process?: Process;
  stoppedMs?: number;
  readonly createdMs: number;
  /** Where its REST is, while it has an address. */
  url?: string;
  /** What listens at its address no more answers with silence, not with a refusal. */
  readonly isSilent: boolean;
};

/** The other fields are the fake's own. */
export const describe = ({
  process: _p,
  stoppedMs: _s,
  createdMs: _c,
  url: _u,
  isSilent: _i,
  ...task
}: Task): JobManagerTask => ({
  ...task,
});

export const isWanted = ({ desiredStatus }: Task): boolean => desiredStatus === 'RUNNING';
