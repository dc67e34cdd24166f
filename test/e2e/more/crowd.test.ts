import { afterAll, describe, expect, test } from 'vitest';
import { createS3Snapshots } from '../../../lib/adapters/s3-snapshots.ts';
import { timing } from '../../contract/suites/aws-live.ts';
import { s3Of } from '../support/bucket.ts';
import { CROWD, makeCrowd } from '../support/crowd.ts';
import { openStage } from '../support/stage.ts';

const stage = await openStage('crowd');
afterAll(() => stage.close());

const soon = () => Date.now() + 10_000;

describe('a directory of 100,000 objects', () => {
  test('costs no more requests than the lineage that is looked for', { timeout: 300_000 }, async () => {
    const { directory, lineage, attempts, retained, newest } = await makeCrowd(stage.world);
    const client = s3Of(stage.world);
    let requests = 0;
    client.middlewareStack.add(
      (next) => (given) => {
        requests += 1;
        return next(given);
      },
      { step: 'finalizeRequest' },
    );
    const snapshots = createS3Snapshots({ ...timing, client });
    const fromMs = Date.now();
    const jobs = await snapshots.children(directory, lineage, soon());
    const paths = await Promise.all(
      jobs.map(async (job) => {
        const found = await snapshots.children(`${directory}/${job}`, 'chk-', soon());
        return found.map((name) => `${directory}/${job}/${name}`);
      }),
    );
    const seen = await snapshots.metadata(newest, soon());
    const tookMs = Date.now() - fromMs;
    client.destroy();
    console.log(`a lineage among ${CROWD} objects: ${requests} requests, ${tookMs} ms`);
    expect(jobs).toHaveLength(attempts);
    expect(paths.flat()).toHaveLength(attempts * retained);
    expect(paths.flat()).toContain(newest);
    expect(seen?.id).toBe(1_000 * attempts);
    expect(requests).toBe(attempts + 2);
    expect(tookMs).toBeLessThan(2_000);
  });
});
