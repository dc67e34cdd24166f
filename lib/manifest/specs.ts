import type * as z from 'zod/mini';
import type { ClusterSpec, JobSpec } from '../core/model.ts';
import type { manifestSchema } from './schema.ts';

type Checked = z.output<typeof manifestSchema>['clusters'][number];

/** A checked cluster in the core's form: words that say what holds anyway (`mode: run`, `kind: none`, `bounded: false`) are left out. */
export const clusterSpec = ({ tls, auth, mode, modeBecause, jobs, ...cluster }: Checked): ClusterSpec => ({
  ...cluster,
  ...(tls === undefined ? {} : { tls: tls === true ? {} : tls }),
  ...(auth === undefined || auth.kind === 'none' ? {} : { auth }),
  ...modeOf(mode),
  ...(modeBecause === undefined || mode === undefined || mode === 'run' ? {} : { modeBecause }),
  jobs: jobs.map(jobSpec),
});

const jobSpec = ({
  bounded,
  mode,
  claimMode,
  garbage,
  allowNonRestoredState,
  ...job
}: Checked['jobs'][number]): JobSpec => ({
  ...job,
  ...(bounded === true ? { bounded } : {}),
  ...(claimMode === 'CLAIM' ? { claimMode } : {}),
  ...(garbage === 'delete' ? { garbage } : {}),
  ...(allowNonRestoredState === true ? { allowNonRestoredState } : {}),
  ...modeOf(mode),
});

const modeOf = (mode: Checked['mode']): Pick<ClusterSpec, 'mode'> =>
  mode === undefined || mode === 'run' ? {} : { mode };
