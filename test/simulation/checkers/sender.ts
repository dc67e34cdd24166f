import { Fault } from '../../../lib/core/errors.ts';
import type { Job } from '../../../lib/core/model.ts';
import type { Invocation, Sim } from '../sim.ts';

/** Who sent what reached a process. */
export const senderOf = ({ invocations }: Sim, name: string | undefined): Invocation | undefined =>
  invocations.findLast((each) => each.name === name);

/** A job as the manifest has it that an invocation works with: a deployment may have changed it since. */
export const manifestOf = (
  sim: Sim,
  invocation: string | undefined,
  cluster: string,
  lineage: string,
): Job | undefined =>
  senderOf(sim, invocation)
    ?.manifest.find(({ name }) => name === cluster)
    ?.jobs.find((job) => job.lineage === lineage);

/** The lineage of one of our job ids. */
export const lineageOf = (jobId: string): string => jobId.slice(0, 16);

/** It met trouble, or the store was away: maybe it could not save what it heard. */
export const isTroubled = ({ faults, calls }: Invocation): boolean =>
  faults > 0 ||
  calls.some(
    ({ name, given }) =>
      name.startsWith('store.') &&
      given !== undefined &&
      'fault' in given &&
      !(given.fault instanceof Fault && given.fault.kind === 'conflict'),
  );
