import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createFlinkHttp } from '../../../../lib/adapters/flink-access.ts';
import { createFlinkRest } from '../../../../lib/adapters/flink-rest.ts';
import { createHttp } from '../../../../lib/adapters/http.ts';
import { createRedaction } from '../../../../lib/adapters/redaction.ts';
import { createSecrets } from '../../../../lib/adapters/secrets.ts';
import type { FlinkJob } from '../../../../lib/core/model.ts';
import type { FlinkRest, RunRequest } from '../../../../lib/ports.ts';
import { noStores } from '../../../support/scripted-flink.ts';
import { chance } from '../aws-live.ts';
import { waitFor } from '../case.ts';

/** A JobManager with a free slot, whatever it is made of. */
export type FlinkTarget = {
  readonly flink: FlinkRest;
  readonly url: string;
  /** Flink's version, where its answers differ. */
  readonly version: string;
  /** What the sample job is called there. */
  readonly jobName: string;
  /** Where snapshots go, as this Flink names it. */
  readonly stateDir: string;
  /** Writes a file there. */
  readonly putState: (path: string, bytes: Uint8Array) => Promise<void>;
  /** A request that the port does not offer; returns the JSON of the answer. */
  readonly ask: (path: string) => Promise<unknown>;
  /** A job id of its own for each label. */
  readonly jobId: (label: string) => string;
  readonly close: () => void;
};

/**
 * `salt` makes the job ids: a fixed one for recordings, chance for a Flink that may have seen the suite before. `state` is a folder
 * of this machine that Flink writes to.
 */
export const flinkTarget = (
  url: string,
  { version, state, salt = chance.hex(8) }: { version: string; state: string; salt?: string },
): FlinkTarget => {
  const http = createHttp(Date.now);
  const redaction = createRedaction();
  const secrets = createSecrets({ stores: noStores, redaction, nowMs: Date.now });
  return {
    flink: createFlinkRest({
      http: createFlinkHttp({ http, secrets, redaction }),
      openJar: async (uri) => openJar(uri),
      redact: redaction.redact,
    }),
    url,
    version,
    jobName: 'realtime-data-pipeline',
    stateDir: `file:${state}`,
    putState: async (path, bytes) => {
      const file = path.slice('file:'.length);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    },
    ask: async (path) => (await fetch(url + path, { signal: AbortSignal.timeout(5_000) })).json(),
    jobId: jobIds(salt),
    close: () => http.close(),
  };
};

/** Job ids by label, and by `salt`. */
export const jobIds =
  (salt: string) =>
  (label: string): string =>
    createHash('sha256').update(`${salt} ${label}`).digest('hex').slice(0, 32);

const fileOf = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const FILES: Readonly<Record<string, string>> = {
  's3://contract/sample.jar': fileOf('examples/realtime-data-pipeline/realtime-data-pipeline.jar'),
  's3://contract/cases.jar': fileOf('test/fixtures/main-cases/main-cases.jar'),
};
const GARBAGE = 's3://contract/garbage.jar';
const GARBAGE_BYTES = Buffer.from('this is not a jar');

/** The sample job, the programs that do what they should not, and bytes that are no jar at all. */
export const jars = { sample: 's3://contract/sample.jar', cases: 's3://contract/cases.jar', garbage: GARBAGE } as const;

const openJar = (uri: string): Readable =>
  uri === GARBAGE ? Readable.from([GARBAGE_BYTES]) : createReadStream(FILES[uri] ?? uri);

const sizeOf = (uri: string): number => (uri === GARBAGE ? GARBAGE_BYTES.length : statSync(FILES[uri] ?? uri).size);

export const soon = (): number => Date.now() + 10_000;

/** Uploads a jar, gives its id to `work`, and removes it again. */
export const withJar = async (
  { flink, url }: FlinkTarget,
  uri: string,
  work: (jarId: string) => Promise<void>,
): Promise<void> => {
  const jarId = await upload({ flink, url }, uri);
  try {
    await work(jarId);
  } finally {
    await flink.deleteJar({ url }, jarId, soon());
  }
};

export const upload = ({ flink, url }: Pick<FlinkTarget, 'flink' | 'url'>, uri: string): Promise<string> =>
  flink.upload({ url }, { uri, version: '"1"', sizeBytes: sizeOf(uri) }, soon());

/** The sample job, small and endless. */
export const sample = (jobId: string, args: readonly string[] = []): RunRequest => ({
  jobId,
  mainClass: 'com.realtime.pipeline.FlinkCDC3App',
  args: ['--rate', '10', ...args],
  parallelism: 1,
  flinkConfiguration: {},
});

/** One of the programs that do what they should not. */
export const mainCase = (jobId: string, ...args: readonly string[]): RunRequest => ({
  jobId,
  mainClass: 'MainCases',
  args,
  parallelism: 1,
  flinkConfiguration: {},
});

/** The job in the list, once it is there and `holds`. */
export const listed = async (
  { flink, url }: FlinkTarget,
  jobId: string,
  holds: (job: FlinkJob) => boolean = () => true,
): Promise<FlinkJob> => {
  const found = async () => (await flink.jobs({ url }, soon())).find((job) => job.jobId === jobId);
  const job = await waitFor(`job ${jobId}`, found, (seen) => seen !== undefined && holds(seen));
  return job ?? assert.fail('not listed');
};

/** Cancels a job and waits for its end, so that its slot is free again. */
export const cancel = async (target: FlinkTarget, jobId: string): Promise<void> => {
  await target.flink.cancel({ url: target.url }, jobId, soon());
  await listed(target, jobId, ({ state }) => ['CANCELED', 'FAILED', 'FINISHED'].includes(state));
};
