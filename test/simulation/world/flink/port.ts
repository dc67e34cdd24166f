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
    jobs: async (at, deadlineMs) => {
      const reached = await look(at, deadlineMs);
      return tell(spokenFor(reached), reached.nowMs).jobs;
    },
    jobState: async (at, jobId, deadlineMs) => {
      const reached = await look(at, deadlineMs);
      return stateOf(spokenFor(reached), jobId, reached.nowMs);
    },
    slots: async (at, deadlineMs) => {
      const reached = await look(at, deadlineMs);
      return tell(spokenFor(reached), reached.nowMs).slots;
    },
    upload: async (at, { uri, version }, deadlineMs) => {
      const { process } = await effect(at, deadlineMs);
      submits(process);
      const jarId = `${sim.random.hex(4)}_${bakedJar(uri) ?? 'job.jar'}`;
      process.jars.set(jarId, await jars.open(uri, version, deadlineMs));
      return jarId;
    },
    checkpoints: async (at, jobId, deadlineMs) => checkpointsOf(stage, spokenFor(await look(at, deadlineMs)), jobId),
    checkpointConfig: async (at, jobId, deadlineMs) =>
      checkpointConfigOf(stage, spokenFor(await look(at, deadlineMs)), jobId),
    restarts: async (at, jobId, deadlineMs) => {
      const reached = await look(at, deadlineMs);
      return restartsOf(spokenFor(reached), jobId, reached.nowMs);
    },
    lastException: async (at, jobId, deadlineMs) => {
      const reached = await look(at, deadlineMs);
      return exceptionOf(spokenFor(reached), jobId, reached.nowMs);
    },
    flow: async (at, jobId, _asked, deadlineMs) => {
      const reached = await look(at, deadlineMs);
      return flowOf(spokenFor(reached), jobId, reached.nowMs);
    },
    savepoint: async (at, jobId, request, deadlineMs) => {
      const reached = await effect(at, deadlineMs);
      askSavepoint(stage, { ...reached, process: spokenFor(reached) }, jobId, request);
    },
    savepointStatus: async (at, _jobId, triggerId, deadlineMs) => {
      const reached = await look(at, deadlineMs);
      return savepointStatusOf(spokenFor(reached), triggerId, reached.nowMs);
    },
    dispose: async (at, path, deadlineMs) => askDisposal(stage, await effect(at, deadlineMs), path),
    deleteJar: async (at, jarId, deadlineMs) => void (await effect(at, deadlineMs)).process.jars.delete(jarId),
    cancel: async (at, jobId, deadlineMs) => {
      const reached = await effect(at, deadlineMs);
      const { cluster, nowMs } = reached;
      const process = spokenFor(reached);
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
      note(notes, 'cancels', { ...what, atMs: nowMs });
      const life = process.jobs.get(jobId);
      if (life !== undefined) endJob(stage, cluster, process, life, 'CANCELED');
    },
    run: createRun(stage, effect),
  };
};

/** A standby answers what the leader knows; while none leads it cannot. */
const spokenFor = ({ cluster, process, nowMs }: Reached): Process => {
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
