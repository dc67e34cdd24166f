import { describe, expect, it } from 'vitest';
import type { Job } from '../../../lib/core/model.ts';
import { foreseenRisks } from '../../../lib/core/state/risks.ts';
import { aJob, aStatefulJob } from '../../support/builders.ts';

const RETENTION = 'execution.checkpointing.externalized-checkpoint-retention';

const foreseen = (flinkConfiguration: Job['flinkConfiguration'], job = aStatefulJob()) =>
  foreseenRisks({ ...job, flinkConfiguration });

describe('a job’s own configuration is sure to risk its state', () => {
  it.each([
    [RETENTION, 'DELETE_ON_CANCELLATION', /^its checkpoints are deleted when/],
    [RETENTION, ' no_externalized_checkpoints ', /RETAIN_ON_CANCELLATION`$/],
    ['execution.checkpointing.create-subdir', 'false', /mixes the checkpoints of all jobs/],
    ['state.checkpoints.create-subdir', 'FALSE', /none is restored from: remove it$/],
    ['execution.checkpointing.num-retained', '5', /^Flink ignores `execution.checkpointing.num-retained` of/],
    ['state.checkpoints.num-retained', '5', /^Flink ignores `state.checkpoints.num-retained` of a single job/],
  ])('with %s: %s', (key, value, text) => {
    expect(foreseen({ [key]: value })).toEqual([expect.stringMatching(text)]);
  });

  it.each<[string, Job['flinkConfiguration'], Job?]>([
    ['with what it should be', { [RETENTION]: 'RETAIN_ON_CANCELLATION', 'state.checkpoints.create-subdir': 'true' }],
    ['with nothing', {}],
    ['where it keeps no state', { [RETENTION]: 'DELETE_ON_CANCELLATION' }, aJob({ state: 'none' })],
    ['where it is not run', { [RETENTION]: 'DELETE_ON_CANCELLATION' }, aStatefulJob({ enabled: false })],
  ])('but not %s', (_, configuration, job) => {
    expect(foreseen(configuration, job)).toEqual([]);
  });
});
