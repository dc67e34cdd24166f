import { Fault } from '../../../../lib/core/errors.ts';
import { bakedJar } from '../../../../lib/core/spec.ts';
import type { Endpoint, FlinkRest } from '../../../../lib/ports.ts';
import { note } from '../notes.ts';
import type { Stage } from '../stage.ts';
import { endJob } from './lives.ts';
import { type Process, stateOf, tell } from './process.ts';
import { type Reached, reach } from './reach.ts';
import { leaderOf } from './recovery.ts';
import { createRun } from './run.ts';

/** Flink's REST of every JobManager in the world. */
export const createFlink = (stage: Stage): FlinkRest => {
  const { sim, jars, notes } = stage;
  const look = (at: Endpoint, deadlineMs: number) => reach(stage, { at, deadlineMs, does: false });
  const effect = (at: Endpoint, deadlineMs: number) => reach(stage, { at, deadlineMs, does: true });
  return {
    identity: async (at, deadlineMs) => (await look(at, deadlineMs)).process.identity,
    jobs: async (at, deadlineMs) => tell(spokenFor(await look(at, deadlineMs)), sim.time.nowMs()).jobs,
    jobState: async (at, jobId, deadlineMs) => stateOf(spokenFor(await look(at, deadlineMs)), jobId, sim.time.nowMs()),
    slots: async (at, deadlineMs) => tell(spokenFor(await look(at, deadlineMs)), sim.time.nowMs()).slots,
    upload: async (at, { uri, version }, deadlineMs) => {
      const { process } = await effect(at, deadlineMs);
      submits(process);
      const jarId = `${sim.random.hex(4)}_${bakedJar(uri) ?? 'job.jar'}`;
      process.jars.set(jarId, await jars.open(uri, version, deadlineMs));
      return jarId;
    },
    checkpoints: async (at, jobId, deadlineMs) => {
      known(stateOf(spokenFor(await look(at, deadlineMs)), jobId, sim.time.nowMs()));
      return { completed: 0, snapshots: [] };
    },
    checkpointConfig: async (at, jobId, deadlineMs) => {
      known(stateOf(spokenFor(await look(at, deadlineMs)), jobId, sim.time.nowMs()));
      return CHECKPOINT_CONFIG;
    },
    savepoint: async (at, _jobId, _request, deadlineMs) => void (await effect(at, deadlineMs)),
    savepointStatus: async (at, _jobId, _triggerId, deadlineMs) => {
      await look(at, deadlineMs);
      return { state: 'unknown' };
    },
    dispose: async (at, _path, deadlineMs) => void (await effect(at, deadlineMs)),
    deleteJar: async (at, jarId, deadlineMs) => void (await effect(at, deadlineMs)).process.jars.delete(jarId),
    cancel: async (at, jobId, deadlineMs) => {
      const reached = await effect(at, deadlineMs);
      const { cluster } = reached;
      const process = spokenFor(reached);
      const { ha } = process.identity;
      const what = { jobId, cluster: cluster.name, process: process.id, invocation: sim.caller, ha };
      note(notes, 'cancels', { ...what, atMs: sim.time.nowMs() });
      const life = process.jobs.get(jobId);
      if (life !== undefined) endJob(stage, cluster, process, life, 'CANCELED');
    },
    run: createRun(stage, effect),
  };
};

const CHECKPOINT_CONFIG = {
  intervalMs: 10_000,
  timeoutMs: 600_000,
  toleratedFailures: 0,
  retention: 'retain',
  inMemory: false,
  unaligned: false,
} as const;

const known = (state: string): void => {
  if (state === 'absent') throw new Fault('rejected', 'JOB_UNKNOWN', 'Flink does not know the job');
};

/** A standby answers what the leader knows; while none leads it cannot. */
const spokenFor = ({ cluster, process }: Reached): Process => {
  if (process.identity.ha === 'none') return process;
  const leader = leaderOf(cluster);
  if (leader === undefined) throw new Fault('transient', 'FLINK_FAILED', 'RecipientUnreachableException');
  return leader;
};

export const submits = ({ identity }: Process): void => {
  if (!identity.submission) throw new Fault('rejected', 'SUBMISSION_DISABLED', 'POST request not allowed');
};
