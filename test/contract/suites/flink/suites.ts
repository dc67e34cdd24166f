import type { Case } from '../case.ts';
import { flowCases } from './flow.ts';
import { healthCases, illnessCases } from './health.ts';
import { jobCases } from './jobs.ts';
import { readyCases } from './ready.ts';
import { refusedCases } from './refused.ts';
import { type RestartTarget, restartCases } from './restart.ts';
import { restoreCases } from './restore.ts';
import { checkpointCases, savepointCases } from './snapshots.ts';
import { bootCases, disabledCases, forgetCases, lastCases } from './special.ts';

/** All that is known of Flink's REST, by the JobManager that it takes. `restart` is the only one that restarts its own. */
export const flinkSuites: Readonly<
  Record<'boot' | 'ready' | 'restart' | 'forget' | 'last' | 'disabled', readonly Case<RestartTarget>[]>
> = {
  boot: bootCases,
  ready: [
    ...jobCases,
    ...readyCases,
    ...refusedCases,
    ...checkpointCases,
    ...savepointCases,
    ...restoreCases,
    ...healthCases,
    ...illnessCases,
    ...flowCases,
  ],
  restart: restartCases,
  forget: forgetCases,
  last: lastCases,
  disabled: disabledCases,
};

/** Makes the job ids of recordings. */
export const RECORDED_SALT = 'recorded';

/** Stands for the folder of the snapshots in recordings. */
export const RECORDED_STATE = '/tmp/flink/state';
