import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jarFile } from '../../examples/realtime-data-pipeline/build.ts';
import { waitFor } from '../../local/wait-for.ts';
import { lookNow } from './support/autopilot.ts';
import { readyAfter, running, sampleJob } from './support/jobs.ts';
import { judgeEachTest } from './support/judge.ts';
import { submissionsToFlink } from './support/logs.ts';
import { redefineJobManagers, withSetting } from './support/rolling.ts';
import { type RunProxy, startRunProxy } from './support/run-proxy.ts';
import { installProduct, jobManagers, openStage, type Stage } from './support/stage.ts';

/** The product reaches the JobManagers through the proxy. */
const restPort = 18_082;

const CLUSTER = 'jars';
const BAKED = 'baked';
const SHARED = ['one', 'another'];
const BAKED_JAR = 'baked.jar';

const START_MAX_MS = 60_000;
/** The scheduled look does it at the latest: a minute, and the look itself. */
const TIDY_MAX_MS = 90_000;

describe('how jars come to the JobManager, on a real Flink', () => {
  let stage: Stage;
  let proxy: RunProxy;
  let folder: string;
  beforeAll(async () => {
    stage = await openStage(CLUSTER);
    const uploads = join(stage.world.dir, 'uploads');
    folder = join(uploads, 'flink-web-upload'); // Flink's own name below web.upload.dir
    mkdirSync(folder, { recursive: true });
    copyFileSync(jarFile, join(folder, BAKED_JAR));
    proxy = startRunProxy(stage.world, restPort);
    stage.world.agent.startTasks();
    await waitFor('the first JobManager', START_MAX_MS, async () => jobManagers(stage.world).at(-1));
    const old = jobManagers(stage.world).at(-1)?.taskArn ?? '';
    await redefineJobManagers(stage, withSetting('web.upload.dir', uploads));
    await readyAfter(stage, old, 1 + SHARED.length);
  });
  afterAll(async () => {
    proxy?.close();
    await stage?.close();
  });
  judgeEachTest(() => stage);

  test('a jar of the image is neither uploaded nor removed, and two jobs of one stored jar share an upload', async () => {
    const jobs = [{ ...sampleJob(BAKED), jar: `image:${BAKED_JAR}` }, ...SHARED.map((name) => sampleJob(name))];
    await installProduct(stage, { name: CLUSTER, restPort, jobs });
    await lookNow(stage.world, CLUSTER);
    for (const { name } of jobs) await running(stage, name);
    await waitFor('the upload to be removed', TIDY_MAX_MS, async () => readdirSync(folder).length === 1);
    expect(readdirSync(folder)).toEqual([BAKED_JAR]);

    const callsOf = (method: string) => proxy.jarCalls.filter((call) => call.startsWith(`${method} `));
    const [removed = '', ...more] = callsOf('DELETE').map((call) => call.split('/')[2]);
    expect(more).toEqual([]);
    expect(callsOf('POST').toSorted()).toEqual(
      ['POST /jars/upload', `POST /jars/${BAKED_JAR}/run`, ...SHARED.map(() => `POST /jars/${removed}/run`)].toSorted(),
    );
    expect(
      submissionsToFlink(stage.world)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual([BAKED, ...SHARED].toSorted());
  });
});
