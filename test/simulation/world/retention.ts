import type { CheckpointConfig } from '../../../lib/core/model.ts';

/** How the last run of a job ended, as far as its checkpoints care; `killed`: with its process, which had no time to clean up. */
export type RunEnd = 'FINISHED' | 'CANCELED' | 'FAILED' | 'stopped' | 'killed';

export type Retention = CheckpointConfig['retention'];

/** What a real Flink deletes of a job's checkpoints when the job ends. */
export const deletes = (end: RunEnd, retention: Retention): boolean => {
  switch (end) {
    case 'FINISHED':
      return true;
    case 'killed':
      return false;
    case 'FAILED':
      return retention === 'none';
    case 'CANCELED':
    case 'stopped':
      return retention !== 'retain';
  }
};
