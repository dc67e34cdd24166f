import { Fault } from '../../../lib/core/errors.ts';
import type { Job } from '../../../lib/core/model.ts';
import type { Invocation, Sim } from '../sim.ts';
import type { ReachedTrigger } from '../world/truth.ts';
import type { Run } from './checker.ts';

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

/** A savepoint was sent to whom this process followed at the same address, and came too late for that one: no sender can know (an honest limit). */
export const isForAnother = ({ sim, world }: Run, { invocation, triggerId, process }: ReachedTrigger): boolean => {
  const bornMs = world.truth.processes.find(({ id }) => id === process)?.bornMs ?? 0;
  return (
    senderOf(sim, invocation)?.calls.some(
      ({ name, args, atMs }) =>
        name === 'flink.savepoint' && JSON.stringify(args[2]).includes(triggerId) && atMs < bornMs,
    ) === true
  );
};
