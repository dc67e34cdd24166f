import assert from 'node:assert/strict';
import type { RunRequest } from '../../../../lib/ports.ts';
import { metadataOf } from '../../../support/fake-snapshots.ts';
import { type Case, expectFault, waitFor } from '../case.ts';
import { runWithCheckpoints, savepointOf, withCheckpoints } from './snapshots.ts';
import { cancel, type FlinkTarget, jars, listed, mainCase, soon, withJar } from './target.ts';

const from = (path: string, allowNonRestoredState = false): Pick<RunRequest, 'restore'> => ({
  restore: { path, claimMode: 'NO_CLAIM', allowNonRestoredState },
});

/** A savepoint of the sample job, which has ended with it. */
const savepoint = async (target: FlinkTarget, jarId: string, label: string): Promise<string> => {
  const jobId = target.jobId(label);
  await runWithCheckpoints(target, jarId, jobId);
  return savepointOf(target, jobId, true);
};

/** What Flink does with a snapshot that a run names. */
export const restoreCases: readonly Case<FlinkTarget>[] = [
  {
    name: 'a job that starts from a savepoint says so, and counts on from its checkpoint id',
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const { flink, url } = target;
        const path = await savepoint(target, jarId, 'source');
        const jobId = target.jobId('restored');
        await flink.run({ url }, jarId, { ...withCheckpoints(target, jobId), ...from(path) }, soon());
        const seen = await waitFor(
          'its first checkpoint',
          () => flink.checkpoints({ url }, jobId, soon()),
          ({ completed }) => completed > 0,
        );
        assert.equal(seen.restored?.path, path);
        await cancel(target, jobId);
        const after = () => flink.checkpoints({ url }, jobId, soon());
        const { snapshots } = await waitFor('the last one', after, (now) => now.snapshots.length > 0);
        assert((snapshots[0]?.id ?? 0) > (seen.restored?.id ?? Number.POSITIVE_INFINITY), JSON.stringify(snapshots));
      }),
  },
  {
    name: 'a snapshot that is missing, empty, cut short or none of Flink is refused, and the id is used up',
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const { flink, url, stateDir, putState } = target;
        const broken = { missing: undefined, empty: '', cut: metadataOf(3), foreign: 'this is not what Flink writes' };
        for (const [label, bytes] of Object.entries(broken)) {
          const path = `${stateDir}/broken/${label}`;
          if (bytes !== undefined) await putState(`${path}/_metadata`, Buffer.from(bytes));
          const jobId = target.jobId(`from ${label}`);
          const run = () => flink.run({ url }, jarId, { ...withCheckpoints(target, jobId), ...from(path) }, soon());
          await expectFault(run(), 'rejected', 'SNAPSHOT_UNREADABLE');
          await listed(target, jobId, ({ state }) => state === 'FAILED');
          await expectFault(run(), 'rejected', 'DUPLICATE_JOB');
          await expectFault(flink.checkpointConfig({ url }, jobId, soon()), 'transient', 'FLINK_UNAVAILABLE');
        }
      }),
  },
  {
    name: 'a snapshot in a file system that Flink has not is no snapshot that is broken',
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const jobId = target.jobId('elsewhere');
        const request = { ...withCheckpoints(target, jobId), ...from('nowhere://a/b') };
        await expectFault(target.flink.run({ url: target.url }, jarId, request, soon()), 'rejected', 'MAIN_THREW');
      }),
  },
  {
    name: "another program's state does not fit, unless it may be left behind",
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const path = await savepoint(target, jarId, 'misfit');
        await withJar(target, jars.cases, async (cases) => {
          const { flink, url } = target;
          const other = (label: string, allowNonRestoredState: boolean) => ({
            ...mainCase(target.jobId(label), 'throw-after-execute'),
            ...from(path, allowNonRestoredState),
          });
          const refused = flink.run({ url }, cases, other('does not fit', false), soon());
          await expectFault(refused, 'rejected', 'STATE_INCOMPATIBLE');
          await expectFault(flink.run({ url }, cases, other('left behind', true), soon()), 'rejected', 'MAIN_THREW');
          await listed(target, target.jobId('left behind'));
          await cancel(target, target.jobId('left behind'));
        });
      }),
  },
  {
    name: 'a savepoint that cannot be written fails, and the job goes on',
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const { flink, url } = target;
        const [jobId, triggerId] = [target.jobId('no room'), target.jobId('no room trigger')];
        await runWithCheckpoints(target, jarId, jobId);
        await flink.savepoint({ url }, jobId, { triggerId, directory: 'nowhere://a/b', stop: false }, soon());
        const status = () => flink.savepointStatus({ url }, jobId, triggerId, soon());
        const { state } = await waitFor('its end', status, (seen) => seen.state !== 'in-progress');
        assert.equal(state, 'failed');
        assert.equal((await listed(target, jobId)).state, 'RUNNING');
        await cancel(target, jobId);
      }),
  },
];
