import { expect, test } from 'vitest';
import { createAddresses } from '../../../local/agent/addresses.ts';
import { containerProcess, roleOf } from '../../../local/agent/container/container-process.ts';
import { parseFlinkProperties } from '../../../local/agent/container/flink-image.ts';
import { overrides } from '../../../local/agent/container/overrides.ts';

const at = {
  address: '127.9.9.5',
  hostName: 'ip-5',
  dir: '/t/1',
  hostsFile: '/t/1/hosts',
  region: 'eu-west-1',
  awsUrl: 'http://127.0.0.1:4566',
  flinks: [
    { version: '1.20.5', home: '/flink' },
    { version: '2.3.0', home: '/flink-2.3', s3Plugins: '/flink-2.3-s3' },
  ],
  java: '/java',
};
const container = (image: string, command: string[], more: object = {}) => ({
  name: 'main',
  image,
  command,
  essential: true,
  environment: [],
  secrets: [],
  stopTimeout: 30,
  cpu: 0,
  ...more,
});
const flink = (command: string[], environment: Record<string, string> = {}) =>
  containerProcess(container('flink:1.20.5-java17', command), environment, at);
const configOf = (plan: ReturnType<typeof flink>): Record<string, string> => {
  const text = plan.files.find(({ path }) => path === '/t/1/conf/config.yaml')?.content ?? '';
  return Object.fromEntries(
    text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(`[${line.replace('": "', '","')}]`)])),
  );
};

test('a JobManager is Flink’s own main class with the image’s defaults', () => {
  const plan = flink(['jobmanager']);
  expect(plan.command).toBe('/java');
  expect(plan.args.slice(-6)).toEqual([
    '/flink/lib/*',
    'org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint',
    '--configDir',
    '/t/1/conf',
    '--executionMode',
    'cluster',
  ]);
  expect(plan.args).toContain('--add-opens=java.base/java.util=ALL-UNNAMED');
  expect(plan.args).toContain('-Djdk.net.hosts.file=/t/1/hosts');
  expect(configOf(plan)).toMatchObject({ 'jobmanager.rpc.address': 'ip-5', 'blob.server.port': '6124' });
});

test('FLINK_PROPERTIES beat the image, the command beats them, the local overrides beat all', () => {
  const properties =
    'heartbeat.interval: 1 s\nparallelism.default: 3\njobmanager.bind-host: 0.0.0.0\nstate: s3://b/$WHERE\n';
  const plan = flink(['jobmanager', '-Dparallelism.default=4', '-D', 'rest.port=9000'], {
    FLINK_PROPERTIES: properties,
    WHERE: 'here',
  });
  expect(configOf(plan)).toMatchObject({
    'heartbeat.interval': '1s',
    'parallelism.default': '4',
    'rest.port': '9000',
    state: 's3://b/here',
    'jobmanager.bind-host': '127.9.9.5',
    'web.tmpdir': '/t/1/tmp',
  });
});

test('a TaskManager has its own address, its slots, and every memory part that Flink asks for', () => {
  const plan = flink(['taskmanager'], {
    TASK_MANAGER_NUMBER_OF_TASK_SLOTS: '3',
    FLINK_PROPERTIES: 'env.java.opts.taskmanager: -Da=b',
  });
  const config = configOf(plan);
  expect(config).toMatchObject({
    'taskmanager.host': '127.9.9.5',
    'taskmanager.cpu.cores': '3',
    'taskmanager.numberOfTaskSlots': '3',
  });
  expect(config).not.toHaveProperty('web.tmpdir');
  expect(plan.args).toContain('-Da=b');
  expect(plan.args).toContain('org.apache.flink.runtime.taskexecutor.TaskManagerRunner');
});

test('every override has a reason, and no placeholder is left unfilled', () => {
  const rows = Object.values(overrides).flatMap((kind) => Object.values(kind).flat());
  expect(rows.filter(([, , because]) => because.length < 10)).toEqual([]);
  for (const role of ['jobmanager', 'taskmanager'])
    expect(JSON.stringify(flink([role]))).not.toMatch(/\{(address|slots|tmp|conf|hosts|aws|region)\}/);
});

test('properties are read as the image reads them: all white space dropped, split at the first colon', () => {
  expect(parseFlinkProperties(' a: 10 s \n\nb : x:y\n', {})).toEqual([
    ['a', '10s'],
    ['b', 'x:y'],
  ]);
});

test.each([
  ['flink:1.20.5-java17', 'jobmanager'],
  ['flink', 'jobmanager'],
  ['0123.dkr.ecr.eu-west-1.amazonaws.com/team/my-flink:42@sha256:00', 'jobmanager'],
  ['flinky:1.20', 'other'],
])('the image %s with the command jobmanager is %s', (image, role) => {
  expect(roleOf(container(image, ['jobmanager']))).toBe(role);
});

test.each([
  ['flink:1.18.1', ['jobmanager'], 'the local world has installed only Flink 1.20.5, 2.3.0'],
  ['flink:1.2', ['jobmanager'], 'the local world has installed only Flink 1.20.5, 2.3.0'],
  [
    'flink:1.20.5',
    ['standalone-job'],
    'begins with one of jobmanager, taskmanager, node, python3, python, sh, and it has the command "standalone-job"',
  ],
  ['redis:7', [], 'begins with one of node, python3, python, sh, and it has no command'],
])('%s %j cannot be pulled', (image, command, words) => {
  expect(() => containerProcess(container(image, command), {}, at)).toThrow(words);
});

test('other images run by a known runtime, told their own address', () => {
  const plan = containerProcess(container('node:24', ['x.js'], { entryPoint: ['/usr/bin/node'] }), { A: 'b' }, at);
  expect(plan).toMatchObject({ command: process.execPath, args: ['x.js'], env: { A: 'b', TASK_ADDRESS: '127.9.9.5' } });
});

test.each([
  ['flink:1.20.5-java17', '/flink'],
  ['flink:2.3.0-scala_2.12-java17', '/flink-2.3'],
  ['flink:2.3', '/flink-2.3'],
  ['flink', '/flink'],
  ['registry:5000/team/flink-jobs:release-7', '/flink'],
])('the image %s runs the Flink of %s', (image, home) => {
  const plan = containerProcess(container(image, ['jobmanager']), {}, at);
  expect(plan.args).toContain(`${home}/lib/*`);
  expect(plan.env.FLINK_PLUGINS_DIR).toBe(`${home}/plugins`);
});

test.each([
  ['flink:2.3', 'flink-s3-fs-hadoop-2.3.0.jar', '/flink-2.3-s3'],
  ['flink:2.3', 'flink-gs-fs-hadoop-2.3.0.jar', '/flink-2.3/plugins'],
  ['flink:2.3', undefined, '/flink-2.3/plugins'],
  ['flink:1.20', 'flink-s3-fs-hadoop-1.20.5.jar', '/flink/plugins'],
])('%s with the built-in plugin %s has those of %s', (image, plugin, folder) => {
  const environment: Record<string, string> = plugin === undefined ? {} : { ENABLE_BUILT_IN_PLUGINS: plugin };
  expect(containerProcess(container(image, ['taskmanager']), environment, at).env.FLINK_PLUGINS_DIR).toBe(folder);
});

test('the S3 of a Flink is the emulator, and its credentials are those of the container', () => {
  const config = configOf(flink(['jobmanager'], { FLINK_PROPERTIES: 's3.endpoint: https://elsewhere' }));
  expect(Object.entries(config).filter(([key]) => key.startsWith('s3.'))).toEqual([
    ['s3.endpoint', 'http://127.0.0.1:4566'],
    ['s3.endpoint.region', 'eu-west-1'],
    ['s3.path.style.access', 'true'],
  ]);
});

test('addresses come back as late as possible, and never while in use', () => {
  const addresses = createAddresses('127.9.9');
  const taken = Array.from({ length: 253 }, () => addresses.take());
  expect(new Set(taken).size).toBe(253);
  expect([taken[0], taken[252]]).toEqual(['127.9.9.2', '127.9.9.254']);
  expect(addresses.take()).toBeUndefined();
  addresses.release('127.9.9.7');
  addresses.release('127.9.9.3');
  expect([addresses.take(), addresses.take(), addresses.take()]).toEqual(['127.9.9.3', '127.9.9.7', undefined]);
  expect(() => createAddresses('10.0.0')).toThrow('subnet must look like 127.83.12, not "10.0.0"');
});
