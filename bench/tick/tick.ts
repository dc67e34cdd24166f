import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Timeline } from '../../local/show/timeline.ts';
import { bundle } from '../../serverless/bundle.ts';
import { FUNCTION_ENV } from '../functions.ts';
import { thisMachine } from '../machine.ts';
import { runForText } from '../program.ts';
import { ARMS, type ArmName, clustersOf, jobIdsOf, manifestOf, NAMESPACE } from './arms.ts';
import { type Cloud, startCloud } from './cloud.ts';
import { summarizeTicks, type TickReport, type TickRound, type TickSample } from './report.ts';

/**
 * Measures one scheduled look at many clusters: the packaged function in a process of its own for each, against servers that
 * answer like Flink, an ECS that throttles, and the emulator's DynamoDB. Throws when an invocation fails.
 */
export const benchTick = async ({ runs, timeline, signal }: TickOptions): Promise<TickReport> => {
  const machine = thisMachine();
  const dir = mkdtempSync(join(tmpdir(), 'bench-tick-'));
  const cloud = await startCloud(dir, timeline.progress);
  try {
    const functions = await timeline.step('bundle of the function for each size', async () => {
      const made = (name: ArmName) => prepare(name, cloud, dir);
      return {
        whole: await made('whole'),
        halfClusters: await made('halfClusters'),
        halfJobs: await made('halfJobs'),
        one: await made('one'),
      };
    });
    const round = async (what: string): Promise<TickRound> => {
      cloud.aheadMs += MINUTE_MS;
      const take = (name: ArmName) =>
        timeline.step(`${what}: ${ARMS[name].clusters} × ${ARMS[name].jobs}`, () =>
          invoke(cloud, functions[name], name, signal),
        );
      const halfClusters = await take('halfClusters');
      const whole = await take('whole');
      const halfJobs = await take('halfJobs');
      return { halfClusters, whole, halfJobs, one: await take('one') };
    };
    // The first looks find and record all jobs, and look after what is looked at once a day.
    for (let n = 1; n <= FIRST_LOOKS; n += 1) await round(`first looks, ${n} of ${FIRST_LOOKS}`);
    const rounds: TickRound[] = [];
    for (let n = 1; n <= runs; n += 1) rounds.push(await round(`round ${n} of ${runs}`));
    return summarizeTicks({ at: new Date().toISOString(), machine, node: process.version, rounds });
  } finally {
    await cloud.close();
    rmSync(dir, { recursive: true, force: true });
  }
};

export type TickOptions = { readonly runs: number; readonly timeline: Timeline; readonly signal: AbortSignal };

const MINUTE_MS = 60_000;
const FIRST_LOOKS = 6;

/** The limit of `health-check` in serverless.yml, and the setting of its memory. */
const LIMIT_MS = 55_000;
const MEMORY_MB = 256;

/** Bundles the function with the manifest of an arm, whose JobManagers list its jobs. */
const prepare = async (name: ArmName, cloud: Cloud, dir: string): Promise<string> => {
  const flinks = cloud.flinks[name];
  const manifest = manifestOf(
    ARMS[name],
    flinks.map(({ port }) => port),
  );
  for (const [n, cluster] of clustersOf(manifest).entries()) flinks[n]?.list(jobIdsOf(cluster));
  return join(await bundle('health-check', manifest, join(dir, name)), 'index.mjs');
};

type Said = Pick<TickSample, 'importedMs' | 'handlerMs' | 'cpuMs' | 'peakMb' | 'heapMb'>;

const invoke = async (cloud: Cloud, file: string, name: ArmName, signal: AbortSignal): Promise<TickSample> => {
  const out = `${file}.json`;
  writeFileSync(out, '');
  cloud.take();
  const args = [...heapLimits, INVOKE, file, out, String(cloud.aheadMs), String(LIMIT_MS)];
  const env = { ...FUNCTION_ENV, ...cloud.env, TABLE_NAME: cloud.tables[name], AUTOPILOT_NAMESPACE: NAMESPACE };
  const log = await runForText(args, { env, signal });
  const said = JSON.parse(readFileSync(out, 'utf8')) as Said;
  const { storeCalls, units, ...counts } = cloud.take();
  const { '': _ofNone, ...ofClusters } = storeCalls;
  const { clusters } = ARMS[name];
  return {
    ...said,
    ...counts,
    storeCallsMax: Math.max(...Object.values(ofClusters)),
    readUnits: units.read / clusters,
    writeUnits: units.write / clusters,
    logBytes: Buffer.byteLength(log),
    steadyJobs: log.split('\n').filter((line) => line.includes('"decision":"steady"')).length,
  };
};

const INVOKE = join(import.meta.dirname, 'invoke.mjs');

/** As Lambda's runtime for Node starts it: the young part of the heap, and the old one. */
const newSpaceMb = Math.floor(MEMORY_MB / 10);
const heapLimits = [
  `--max-semi-space-size=${Math.floor(newSpaceMb / 2)}`,
  `--max-old-space-size=${MEMORY_MB - newSpaceMb}`,
];
