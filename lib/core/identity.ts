/**
 * Our Flink job ids: 8 bytes of the lineage, 4 bytes attempt, 4 random bytes, in hex. The prefix recognises our
 * jobs in Flink (later in ZooKeeper and S3) even when the table is lost.
 */
export const jobIdOf = (lineage: string, attempt: number, randomHex: string): string =>
  `${lineage}${attempt.toString(16).padStart(8, '0')}${randomHex}`;

/** The attempt number in a job id of this lineage; undefined for any other id. */
export const attemptOf = (lineage: string, jobId: string): number | undefined =>
  jobId.length === 32 && jobId.startsWith(lineage) ? Number.parseInt(jobId.slice(16, 24), 16) : undefined;
