/** What the tasks of a job have counted up to now, by name; none while no task has reported. Throws when Flink does not answer. */
export const accumulators = async (
  address: string,
  jobId: string,
  restPort = 8081,
): Promise<ReadonlyMap<string, string>> => {
  const url = `http://${address}:${restPort}/jobs/${jobId}/accumulators`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
  const counted = (await answer.json()) as { 'user-task-accumulators': { name: string; value: string }[] };
  return new Map(counted['user-task-accumulators'].map(({ name, value }) => [name, value]));
};
