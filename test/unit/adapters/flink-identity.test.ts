import { expect, test } from 'vitest';
import { readIdentity } from '../../../lib/adapters/flink-identity.ts';

const storageOf = (entries: Readonly<Record<string, string>>, version = '2.3.0') => {
  const all = { 'web.tmpdir': '/tmp/flink-web-d28d294b-53c2-4867-9df5-721a2ab68f2f', ...entries };
  const configuration = Object.entries(all).map(([key, value]) => ({ key, value }));
  const config = { 'flink-version': version, features: { 'web-submit': true } };
  return readIdentity(JSON.stringify(configuration), JSON.stringify(config)).storage;
};

test.each([
  ['nothing', {}, {}],
  [
    'the names of today',
    {
      'execution.checkpointing.dir': 's3://b/c',
      'execution.checkpointing.savepoint-dir': 's3://b/s',
      'execution.checkpointing.num-retained': '3',
      'execution.checkpointing.create-subdir': 'false',
    },
    { checkpointDir: 's3://b/c', savepointDir: 's3://b/s', retained: 3, flat: true },
  ],
  [
    'the names of 1.x',
    {
      'state.checkpoints.dir': 's3://b/c',
      'state.savepoints.dir': 's3://b/s',
      'state.checkpoints.num-retained': '3',
      'state.checkpoints.create-subdir': 'FALSE',
    },
    { checkpointDir: 's3://b/c', savepointDir: 's3://b/s', retained: 3, flat: true },
  ],
  [
    'both names, of which the new one counts',
    { 'state.checkpoints.dir': 's3://b/old', 'execution.checkpointing.dir': 's3://b/new' },
    { checkpointDir: 's3://b/new' },
  ],
  ['a key of entropy', { 's3.entropy.key': '_entropy_' }, { entropyKey: '_entropy_' }],
  ['empty values', { 'state.checkpoints.dir': ' ', 's3.entropy.key': '' }, {}],
  ['a directory for each job, said aloud', { 'state.checkpoints.create-subdir': 'true' }, {}],
  ['no number of retained ones', { 'state.checkpoints.num-retained': 'three' }, {}],
  ['none retained, of which Flink keeps one', { 'state.checkpoints.num-retained': '0' }, {}],
  ['a path, which is a file', { 'state.checkpoints.dir': '/mnt/c' }, { checkpointDir: 'file:/mnt/c' }],
  [
    'a path of the default file system',
    { 'state.savepoints.dir': '/s', 'fs.default-scheme': 's3://b/' },
    { savepointDir: 's3://b/s' },
  ],
])('a configuration with %s says where snapshots go', (_, entries, storage) => {
  expect(storageOf(entries)).toEqual({ retained: 1, ...storage });
});

test.each([
  ['1.18.1', 'old'],
  ['1.19.0', 'old'],
  ['1.20.5', 'new'],
])('Flink %s goes by the %s name of two', (version, name) => {
  const both = { 'state.checkpoints.dir': 's3://b/old', 'execution.checkpointing.dir': 's3://b/new' };
  expect(storageOf(both, version).checkpointDir).toBe(`s3://b/${name}`);
});

test.each([
  ['15000', 15_000],
  ['20 s', 20_000],
  ['2min', 120_000],
  ['1 h', 3_600_000],
  ['500 ms', 500],
  ['soon', undefined],
  ['1 fortnight', undefined],
  [undefined, undefined],
])('a session of ZooKeeper that is set to %s lasts %s ms', (set, sessionMs) => {
  const entries = {
    'web.tmpdir': '/tmp/flink-web-d28d294b-53c2-4867-9df5-721a2ab68f2f',
    'high-availability.type': 'zookeeper',
    ...(set === undefined ? {} : { 'high-availability.zookeeper.client.session-timeout': set }),
  };
  const configuration = Object.entries(entries).map(([key, value]) => ({ key, value }));
  const config = { 'flink-version': '1.20.5', features: { 'web-submit': true } };
  const { zookeeper } = readIdentity(JSON.stringify(configuration), JSON.stringify(config));
  expect(zookeeper?.sessionMs).toBe(sessionMs);
});
