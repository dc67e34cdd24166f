import { type Decision, type WaitFor, waiting } from './decision.ts';
import type { Job } from './model.ts';
import { isHopeless, type Readiness } from './readiness.ts';

/** The cluster's own incident tells; the job's incidents stay as they are. */
export const clusterWaits = (job: Job, readiness: Extract<Readiness, { readonly ready: false }>): Decision => {
  const { rung, text, task } = readiness;
  if (!job.enabled) return { ...off(job, 'unknown'), blind: true };
  const address = task?.address;
  const watch: WaitFor =
    rung === 'leader' && task === undefined
      ? { kind: 'leader' }
      : address === undefined || rung === 'one-jobmanager'
        ? { kind: 'ecs' }
        : { kind: 'jobs', address };
  return {
    ...waiting(job, `${rung}: ${text}`, undefined, {
      saw: 'unknown',
      ...(isHopeless(readiness) ? {} : { waitFor: watch }),
    }),
    blind: true,
  };
};

export const off = (job: Job, saw: string): Decision => ({
  job: job.name,
  saw,
  verdict: 'off',
  because: '`enabled: false` in the manifest',
});
