import { describe, expect, it } from 'vitest';
import { checkpointDirsOf, normalPath, savepointDirsOf } from '../../../lib/core/state/snapshot-places.ts';
import { aCheckpoint, anAttempt, aStatefulJob, aStorage, idOf } from '../../support/builders.ts';
import { places } from './places.ts';

const setIn = (flinkConfiguration: Readonly<Record<string, string>>) => aStatefulJob({ flinkConfiguration });

describe('checkpoints are looked for', () => {
  it.each<[string, Parameters<typeof places>[0], readonly string[]]>([
    ['where the cluster writes them', {}, ['s3://state/checkpoints']],
    [
      'where the job’s own configuration says, first',
      { job: setIn({ 'execution.checkpointing.dir': 's3://own/cp' }) },
      ['s3://own/cp', 's3://state/checkpoints'],
    ],
    ['not in a directory without a name', { job: setIn({ 'state.checkpoints.dir': ' ' }) }, ['s3://state/checkpoints']],
    [
      'as it stands, where there is no entropy',
      { storage: aStorage({ checkpointDir: 's3://state/undefined//cp' }) },
      ['s3://state/undefined//cp'],
    ],
    [
      'without the blanks around it',
      { job: setIn({ 'state.checkpoints.dir': ' s3://old/cp ' }) },
      ['s3://old/cp', 's3://state/checkpoints'],
    ],
    [
      'by the older name of the key, too',
      { job: setIn({ 'state.checkpoints.dir': 's3://old/cp/' }) },
      ['s3://old/cp', 's3://state/checkpoints'],
    ],
    [
      'where an attempt was told to write them, whatever the manifest says now',
      {
        attempts: [
          anAttempt(1, {
            spec: { ...anAttempt().spec, flinkConfiguration: { 'state.checkpoints.dir': 's3://before/cp' } },
          }),
        ],
      },
      ['s3://before/cp', 's3://state/checkpoints'],
    ],
    [
      'where the manifest says, when no JobManager does',
      { job: aStatefulJob({ checkpointDir: 's3://a/cp' }), cluster: { checkpointDir: 's3://b/cp' }, storage: null },
      ['s3://a/cp', 's3://b/cp'],
    ],
    [
      'where a look saw one, if main() set a directory of its own',
      { attempts: [anAttempt(1, { snapshots: [{ ...aCheckpoint(3), path: `s3a://main/cp/${idOf()}/chk-3` }] })] },
      ['s3://state/checkpoints', 's3a://main/cp'],
    ],
    [
      'not where a savepoint lies',
      { attempts: [anAttempt(1, { snapshots: [{ ...aCheckpoint(3), path: 's3://main/savepoint-1' }] })] },
      ['s3://state/checkpoints'],
    ],
    [
      'in a directory once, as Flink writes it first',
      { job: setIn({ 'state.checkpoints.dir': 's3a://state/checkpoints/' }) },
      ['s3a://state/checkpoints'],
    ],
    [
      'as Flink writes it, where the manifest has another name for it',
      { cluster: { checkpointDir: 's3://state//cp' }, storage: aStorage({ checkpointDir: 's3p://state/cp/' }) },
      ['s3p://state/cp'],
    ],
    [
      'as a look saw it, where the manifest has another name for it',
      {
        cluster: { checkpointDir: 's3://main/cp' },
        attempts: [anAttempt(1, { snapshots: [{ ...aCheckpoint(3), path: `s3a://main/cp/${idOf()}/chk-3` }] })],
        storage: null,
      },
      ['s3a://main/cp'],
    ],
    [
      'as the manifest writes it, where it alone says',
      { cluster: { checkpointDir: 's3a://state/cp//' }, storage: null },
      ['s3a://state/cp'],
    ],
    [
      'never where a secret stands in the path',
      { job: setIn({ 'state.checkpoints.dir': 's3://${secret:bucket}/cp' }) },
      ['s3://state/checkpoints'],
    ],
    ['nowhere, where nobody says where', { storage: { retained: 1 } }, []],
    [
      'without the entropy, which `_metadata` has not',
      { storage: aStorage({ checkpointDir: 's3://state/_entropy_/cp', entropyKey: '_entropy_' }) },
      ['s3://state/cp'],
    ],
    [
      'as they stand, where the entropy has no key',
      { storage: aStorage({ checkpointDir: 's3://state/_entropy_//cp', entropyKey: '' }) },
      ['s3://state/_entropy_//cp'],
    ],
    [
      'with the slashes of their scheme, and with no other two in a row, without the entropy',
      { storage: aStorage({ checkpointDir: 's3://_entropy_/state/_entropy_/cp', entropyKey: '_entropy_/' }) },
      ['s3://state/_entropy_/cp'],
    ],
  ])('%s', (_, given, directories) => {
    expect(checkpointDirsOf(places(given))).toEqual(directories);
  });
});

describe('savepoints are looked for, and put', () => {
  it.each<[string, Parameters<typeof places>[0], readonly string[]]>([
    ['where the cluster says', {}, ['s3://state/savepoints']],
    [
      'where the job’s own configuration says, by both names of the key',
      { job: setIn({ 'state.savepoints.dir': 's3://old/sp', 'execution.checkpointing.savepoint-dir': 's3://new/sp' }) },
      ['s3://new/sp', 's3://old/sp', 's3://state/savepoints'],
    ],
    [
      'where the job says, first',
      { job: aStatefulJob({ savepointDir: 's3://own/sp' }) },
      ['s3://own/sp', 's3://state/savepoints'],
    ],
    [
      'as Flink writes it, where the manifest has another name for it',
      { job: aStatefulJob({ savepointDir: 's3://own/sp/' }), storage: aStorage({ savepointDir: 's3a://own/sp' }) },
      ['s3a://own/sp'],
    ],
    [
      'as Flink writes it, where the cluster’s entry has another name for it',
      { cluster: { savepointDir: 's3://own/sp' }, storage: aStorage({ savepointDir: 's3a://own/sp' }) },
      ['s3a://own/sp'],
    ],
    [
      'beside the checkpoints, where nobody says',
      { storage: { retained: 1, checkpointDir: 's3://state/cp' } },
      ['s3://state/cp/savepoints'],
    ],
    ['nowhere, where not even those are known', { storage: null }, []],
  ])('%s', (_, given, directories) => {
    expect(savepointDirsOf(places(given))).toEqual(directories);
  });
});

it.each([
  ['s3a://b/cp/chk-1/', 's3://b/cp/chk-1'],
  ['s3p://b/cp/chk-1/_metadata', 's3://b/cp/chk-1'],
  ['file:///tmp/cp', 'file:/tmp/cp'],
  ['s3://b/cp//', 's3://b/cp'],
  ['s3://b/cp//_metadata', 's3://b/cp'],
  ['s3a://b//team///cp', 's3://b/team/cp'],
  ['file:///tmp//cp', 'file:/tmp/cp'],
  ['gs://b/s3a:/cp', 'gs://b/s3a:/cp'],
  ['gs://b/file://cp', 'gs://b/file://cp'],
])('%s is %s', (path, normal) => {
  expect(normalPath(path)).toBe(normal);
});
