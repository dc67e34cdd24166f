import { Fault } from '../../../../lib/core/errors.ts';
import { bakedJar } from '../../../../lib/core/spec.ts';
import type { Endpoint, FlinkRest } from '../../../../lib/ports.ts';
import { note } from '../notes.ts';
import type { Stage } from '../stage.ts';
import { checkpointConfigOf, checkpointsOf } from './checkpoints.ts';
import { askDisposal } from './disposals.ts';
import { exceptionOf, flowOf, restartsOf } from './health.ts';
import { endJob } from './lives.ts';
import { type Process, stateOf, tell } from './process.ts';
import { type Reached, reach } from './reach.ts';
import { leaderOf } from './recovery.ts';
import { createRun, ledOf } from './run.ts';
import { askSavepoint, savepointStatusOf } from './savepoints.ts';

/** Flink's REST of every JobManager in the world. */
export const createFlink = (stage: Stage): FlinkRest => {
  const { sim, jars, notes } = stage;
  const look = (at: Endpoint, deadlineMs: number) => reach(stage, { at, deadlineMs, does: false });
  const effect = (at: Endpoint, deadlineMs: number) => reach(stage, { at, deadlineMs, does: true });
  return {
    identity: async (at, deadlineMs) => (await look(at, deadlineMs)).process.identity,
    jobs: async (at, deadlineMs) =>
      tell(spokenFor(await look(at, deadlineMs), sim.time.nowMs()), sim.time.nowMs()).jobs,
    jobState: async (at, jobId, deadlineMs) =>
      stateOf(spokenFor(await look(at, deadlineMs), sim.time.nowMs()), jobId, sim.time.nowMs()),
    slots: async (at, deadlineMs) =>
      tell(spokenFor(await look(at, deadlineMs), sim.time.nowMs()), sim.time.nowMs()).slots,
    upload: async (at, { uri, version }, deadlineMs) => {
      const { process } = await effect(at, deadlineMs);
      submits(process);
      const jarId = `${sim.random.hex(4)}_${bakedJar(uri) ?? 'job.jar'}`;
      process.jars.set(jarId, await jars.open(uri, version, deadlineMs));
      return jarId;
    },
    checkpoints: async (at, jobId, deadlineMs) =>
      checkpointsOf(stage, spokenFor(await look(at, deadlineMs), sim.time.nowMs()), jobId),
    checkpointConfig: async (at, jobId, deadlineMs) =>
      checkpointConfigOf(stage, spokenFor(await look(at, deadlineMs), sim.time.nowMs()), jobId),
    restarts: async (at, jobId, deadlineMs) =>
      restartsOf(spokenFor(await look(at, deadlineMs), sim.time.nowMs()), jobId, sim.time.nowMs()),
    lastException: async (at, jobId, deadlineMs) =>
      exceptionOf(spokenFor(await look(at, deadlineMs), sim.time.nowMs()), jobId, sim.time.nowMs()),
    flow: async (at, jobId, _asked, deadlineMs) =>
      flowOf(spokenFor(await look(at, deadlineMs), sim.time.nowMs()), jobId, sim.time.nowMs()),
    savepoint: async (at, jobId, request, deadlineMs) => {
      const reached = await effect(at, deadlineMs);
      askSavepoint(stage, { ...reached, process: spokenFor(reached, sim.time.nowMs()) }, jobId, request);
    },
    savepointStatus: async (at, _jobId, triggerId, deadlineMs) =>
      savepointStatusOf(spokenFor(await look(at, deadlineMs), sim.time.nowMs()), triggerId, sim.time.nowMs()),
    dispose: async (at, path, deadlineMs) => askDisposal(stage, await effect(at, deadlineMs), path),
    deleteJar: async (at, jarId, deadlineMs) => void (await effect(at, deadlineMs)).process.jars.delete(jarId),
    cancel: async (at, jobId, deadlineMs) => {
      const reached = await effect(at, deadlineMs);
      const { cluster } = reached;
      const process = spokenFor(reached, sim.time.nowMs());
      const { ha } = process.identity;
      const led = ledOf(cluster, process);
      const what = {
        jobId,
        cluster: cluster.name,
        process: process.id,
        invocation: sim.caller,
        ha,
        ...(led && { led }),
      };
      note(notes, 'cancels', { ...what, atMs: sim.time.nowMs() });
      const life = process.jobs.get(jobId);
      if (life !== undefined) endJob(stage, cluster, process, life, 'CANCELED');
    },
    run: createRun(stage, effect),
  };
};

/** A standby answers what the leader knows; while none leads it cannot. */
const spokenFor = ({ cluster, process }: Reached, nowMs: number): Process => {
  if (process.identity.ha === 'none') return process;
  const leader = leaderOf(cluster);
  if (leader === undefined) throw new Fault('transient', 'FLINK_FAILED', 'RecipientUnreachableException');
  // What is forwarded to one that stands still hangs; its caller gives up.
  if (leader !== process && nowMs < leader.frozenUntilMs)
    throw new Fault('transient', 'FLINK_UNREACHABLE', 'no answer in time');
  return leader;
};

export const submits = ({ identity }: Process): void => {
  if (!identity.submission) throw new Fault('rejected', 'SUBMISSION_DISABLED', 'POST request not allowed');
};
