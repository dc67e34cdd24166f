import type { Case } from '../case.ts';
import { readyCases } from './ready.ts';
import { refusedCases } from './refused.ts';
import { bootCases, disabledCases, lastCases } from './special.ts';
import type { FlinkTarget } from './target.ts';

/** All that is known of Flink's REST, by the JobManager that it takes. */
export const flinkSuites: Readonly<Record<'boot' | 'ready' | 'last' | 'disabled', readonly Case<FlinkTarget>[]>> = {
  boot: bootCases,
  ready: [...readyCases, ...refusedCases],
  last: lastCases,
  disabled: disabledCases,
};

/** Makes the job ids of recordings. */
export const RECORDED_SALT = 'recorded';
