/** A job as Flink's overview lists it. */
export type FlinkJob = {
  readonly jobId: string;
  readonly name: string;
  readonly state: string;
  readonly running: number;
  readonly total: number;
};

/** True when all tasks of the job run, which its state RUNNING alone does not say. */
export const isRunning = ({ state, running, total }: FlinkJob): boolean =>
  state === 'RUNNING' && total > 0 && running === total;

/** The jobs that a JobManager lists, ended ones too; throws when it does not answer. */
export const listJobs = async (address: string, restPort = 8081): Promise<readonly FlinkJob[]> => {
  const answer = await fetch(`http://${address}:${restPort}/jobs/overview`, { signal: AbortSignal.timeout(2_000) });
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
  const { jobs } = (await answer.json()) as Overview;
  return jobs.map(({ jid, name, state, tasks }) => ({
    jobId: jid,
    name,
    state,
    running: tasks.running,
    total: tasks.total,
  }));
};

type Overview = { jobs: { jid: string; name: string; state: string; tasks: { running: number; total: number } }[] };
