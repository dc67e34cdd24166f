import { describe, expect, it } from 'vitest';
import { deploying } from './deploying.ts';

const text = `clusters:
  - { name: c, ecsCluster: e, jobManagers: [jm], jobs: [] }
  - { name: d, url: 'http://flink:8081', mode: dry-run, submitAfterSeconds: 5, jobs: [] }
`;

describe('AUTO_SUBMIT_JOB and AUTO_SUBMIT_DELAY', () => {
  it('false: every cluster is only watched, says why, and the deploy shows it', async () => {
    const { manifest, said } = await deploying(text, { AUTO_SUBMIT_JOB: 'false' });
    const watched = { mode: 'watch', modeBecause: 'AUTO_SUBMIT_JOB=false' };
    expect(manifest.clusters).toMatchObject([watched, watched]);
    expect(said).toEqual(['environment: AUTO_SUBMIT_JOB = "false" → clusters[].mode: watch']);
  });

  it('true: as without it', async () => {
    expect(await deploying(text, { AUTO_SUBMIT_JOB: 'true' })).toEqual(await deploying(text, {}));
  });

  it.each([0, 3_600])('a delay of %i s is for every cluster that does not say its own', async (seconds) => {
    const { manifest } = await deploying(text, { AUTO_SUBMIT_DELAY: String(seconds) });
    expect(manifest.clusters.map(({ submitAfterSeconds }) => submitAfterSeconds)).toEqual([seconds, 5]);
  });

  it.each([
    [{ AUTO_SUBMIT_JOB: '' }, 'AUTO_SUBMIT_JOB: empty; expected true or false, or the name not set at all'],
    [{ AUTO_SUBMIT_JOB: 'no' }, 'AUTO_SUBMIT_JOB: found "no"; expected true or false'],
    [
      { AUTO_SUBMIT_DELAY: ' ' },
      'AUTO_SUBMIT_DELAY: empty; expected a whole number of seconds from 0 to 3600, or the name not set at all',
    ],
    [
      { AUTO_SUBMIT_DELAY: '3601' },
      'AUTO_SUBMIT_DELAY: found "3601"; expected a whole number of seconds from 0 to 3600',
    ],
    [{ AUTO_SUBMIT_DELAY: '60s' }, 'AUTO_SUBMIT_DELAY: found "60s"; expected a whole number of seconds from 0 to 3600'],
    [{ AUTO_SUBMIT_DELAY: '-1' }, 'AUTO_SUBMIT_DELAY: found "-1"; expected a whole number of seconds from 0 to 3600'],
  ])('%o stops the deploy (F95)', async (shell, line) => {
    expect((await deploying(text, shell)).problems).toEqual([`environment: ${line}`]);
  });
});
