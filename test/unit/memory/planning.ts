import { type Findings, type Plan, planChanges } from '../../../lib/core/changes.ts';
import type { Decision } from '../../../lib/core/decision.ts';
import { foldIncidents } from '../../../lib/core/incidents.ts';
import type { ClusterMemory, Effect, Incident } from '../../../lib/core/model.ts';
import { problem } from '../../../lib/core/problems.ts';
import { anAttempt, aPost, t0 } from '../../support/builders.ts';

export const post = aPost();
export const run = (job: string, n = 1): Effect => ({
  kind: 'run',
  job,
  attempt: anAttempt(n, { posts: [post] }),
  post,
});
export const decision = (job: string, effect?: Effect): Decision => ({
  job,
  saw: 'absent',
  verdict: effect === undefined ? 'wait' : 'act',
  because: 'it was never submitted',
  ...(effect === undefined ? {} : { effect }),
});
export const nothing: ClusterMemory = { jobs: {}, incidents: [], orders: [] };
export const planned = (changes: Partial<Findings> = {}, before = nothing): Plan =>
  planChanges(before, {
    memories: {},
    remembered: {},
    decisions: [],
    outcomes: [],
    incidents: [],
    consumed: [],
    mayAct: true,
    nowMs: t0,
    ...changes,
  });
export const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `job-${index}`);
export const incidentsOf = (count: number): readonly Incident[] =>
  foldIncidents(
    [],
    names(count).map((job) => problem('JOB_FAILED', 'x', job)),
    () => false,
    t0,
  );
export const sizeOf = ({ jobs, incidents, log, consumed }: Plan): number =>
  1 + Object.keys(jobs).length + incidents.length + log.length + consumed.length;
