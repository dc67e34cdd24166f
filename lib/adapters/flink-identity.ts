import * as z from 'zod/mini';
import { leaderPath } from '../core/leadership.ts';
import type { JobManagerIdentity, Storage } from '../core/model.ts';
import { parse, unreadable } from './flink-parse.ts';

/** Who answers, from `/jobmanager/config` and `/config`: the process by the last part of `web.tmpdir`, which every JobManager process makes anew. */
export const readIdentity = (configurationText: string, configText: string): JobManagerIdentity => {
  const value = valuesIn(configurationText);
  const config = parse(dashboard, configText, '/config');
  const version = config['flink-version'];
  const ha = value('high-availability.type') ?? value('high-availability') ?? 'none';
  return {
    process: processIn(value),
    version,
    submission: config.features['web-submit'],
    ha: ha.trim().toLowerCase(),
    ...(ha.trim().toLowerCase() === 'zookeeper' ? { zookeeper: zookeeperIn(value) } : {}),
    storage: storageIn(value, version),
  };
};

/** The process alone, from `/jobmanager/config`. */
export const readProcess = (configurationText: string): string => processIn(valuesIn(configurationText));

/** A JobManager puts the address that it was given, or found, into its configuration before it serves it. */
const zookeeperIn = (value: Value): NonNullable<JobManagerIdentity['zookeeper']> => ({
  quorum: serversIn(value('high-availability.zookeeper.quorum') ?? ''),
  path: leaderPath({
    root: value('high-availability.zookeeper.path.root'),
    clusterId: value('high-availability.cluster-id') ?? value('high-availability.zookeeper.path.namespace'),
  }),
  rpc: `${value('jobmanager.rpc.address')}:${value('jobmanager.rpc.port')}`.toLowerCase(),
  ...sessionIn(value('high-availability.zookeeper.client.session-timeout')),
});

/** As Flink reads a duration: milliseconds where no unit is given. */
const sessionIn = (text = ''): { readonly sessionMs?: number } => {
  const [, count, unit = 'ms'] = /^\s*(\d{1,9})\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const unitMs = UNITS_MS.find(([names]) => names.test(unit || 'ms'))?.[1];
  return count === undefined || unitMs === undefined ? {} : { sessionMs: Number(count) * unitMs };
};

const UNITS_MS: readonly (readonly [RegExp, number])[] = [
  [/^(ms|milli|millis|millisecond|milliseconds)$/i, 1],
  [/^(s|sec|secs|second|seconds)$/i, 1_000],
  [/^(m|min|mins|minute|minutes)$/i, 60_000],
  [/^(h|hour|hours)$/i, 3_600_000],
];

/** The same servers in another order are the same ensemble; a chroot behind the last one makes it another place. */
const serversIn = (quorum: string): string => {
  const [servers = '', ...chroot] = quorum.trim().split('/');
  const names = servers.split(',').map((server) => server.trim().toLowerCase());
  return [names.toSorted().join(','), ...chroot].join('/');
};

type Value = (key: string) => string | undefined;

const valuesIn = (text: string): Value => {
  const entries = new Map(parse(configuration, text, '/jobmanager/config').map(({ key, value }) => [key, value]));
  return (key) => entries.get(key);
};

const processIn = (value: Value): string => {
  const process = value('web.tmpdir')?.match(/flink-web-[0-9a-f-]{36}(?=\/*$)/)?.[0];
  if (process === undefined) throw unreadable('/jobmanager/config', 'web.tmpdir does not name the process');
  return process;
};

/** Each key has two names: the new one wins from 1.20 on, which brought it, and is nothing to older ones. */
const storageIn = (value: Value, version: string): Storage => {
  const renamed = !/^1\.1\d\./.test(version);
  const named = (name: string, old: string) => filled((renamed ? value(name) : undefined) ?? value(old));
  const directory = (name: string, old: string) => withScheme(named(name, old), value('fs.default-scheme'));
  const checkpointDir = directory('execution.checkpointing.dir', 'state.checkpoints.dir');
  const savepointDir = directory('execution.checkpointing.savepoint-dir', 'state.savepoints.dir');
  const entropyKey = filled(value('s3.entropy.key'));
  const subdir = named('execution.checkpointing.create-subdir', 'state.checkpoints.create-subdir');
  return {
    ...(checkpointDir === undefined ? {} : { checkpointDir }),
    ...(savepointDir === undefined ? {} : { savepointDir }),
    ...(entropyKey === undefined ? {} : { entropyKey }),
    ...(subdir?.toLowerCase() === 'false' ? { flat: true } : {}),
    retained: retainedIn(named('execution.checkpointing.num-retained', 'state.checkpoints.num-retained')),
  };
};

const filled = (text: string | undefined): string | undefined => {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
};

/** A path without a scheme is where Flink's default file system is. */
const withScheme = (path: string | undefined, scheme = 'file:'): string | undefined =>
  path?.startsWith('/') ? scheme.trim().replace(/\/+$/, '') + path : path;

/** Flink itself keeps one where the number is none, or below 1. */
const retainedIn = (text: string | undefined): number => {
  const retained = Number(text ?? 1);
  return Number.isInteger(retained) && retained > 0 ? retained : 1;
};

const configuration = z.array(z.object({ key: z.string(), value: z.string() }));
const dashboard = z.object({ 'flink-version': z.string(), features: z.object({ 'web-submit': z.boolean() }) });
