import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Processes } from '../../../local/processes.ts';

/** What it takes to start a Flink, and the folder below which everything is written. */
export type FlinkInstall = {
  readonly processes: Processes;
  readonly java: string;
  readonly home: string;
  readonly dir: string;
};

/** A JobManager and, unless it takes no jobs, a TaskManager of two slots on 127.0.0.1. Resolves before they are ready. */
export const startFlink = async (
  install: FlinkInstall,
  name: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<StartedFlink> => {
  const [restPort = 0, rpcPort = 0] = await freePorts(2);
  const conf = join(install.dir, name);
  mkdirSync(conf, { recursive: true });
  writeFileSync(join(conf, 'log4j.properties'), LOG4J);
  const all = { ...configuration(restPort, rpcPort, join(conf, 'tmp')), ...settings };
  writeFileSync(
    join(conf, 'config.yaml'),
    Object.entries(all)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(''),
  );
  const start = (what: string, heapMb: number, main: string, args: readonly string[]) =>
    install.processes.spawn(install.java, [...jvm(install.home, conf, heapMb), main, '--configDir', conf, ...args], {
      name: `${name}-${what}`,
      logFile: join(conf, `${what}.log`),
      env: { PATH: process.env.PATH ?? '' },
    });
  const takesJobs = settings['web.submit.enable'] !== 'false';
  const startAll = () => [
    start('jobmanager', 256, JOB_MANAGER, ['--executionMode', 'cluster']),
    ...(takesJobs ? [start('taskmanager', 192, TASK_MANAGER, [])] : []),
  ];
  let children = startAll();
  const end = async () => {
    await Promise.all(children.map((child) => install.processes.end(child, { signal: 'SIGKILL' })));
  };
  const restart = async () => {
    await end();
    children = startAll();
  };
  return { port: restPort, restart, end };
};

export type StartedFlink = {
  readonly port: number;
  /** Kills it and starts it again at the same port. Resolves before it is ready. */
  restart(): Promise<void>;
  end(): Promise<void>;
};

const JOB_MANAGER = 'org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint';
const TASK_MANAGER = 'org.apache.flink.runtime.taskexecutor.TaskManagerRunner';

const jvm = (home: string, conf: string, heapMb: number): string[] => [
  `-Xmx${heapMb}m`,
  '-XX:MaxMetaspaceSize=256m',
  '-XX:MaxDirectMemorySize=96m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  // Without it everything looks healthy and every run is refused.
  '--add-opens=java.base/java.util=ALL-UNNAMED',
  `-Dlog4j.configurationFile=file:${join(conf, 'log4j.properties')}`,
  '-cp',
  join(home, 'lib/*'),
];

const configuration = (restPort: number, rpcPort: number, tmp: string): Record<string, string> => ({
  'jobmanager.rpc.address': '127.0.0.1',
  'jobmanager.rpc.port': String(rpcPort),
  'rest.address': '127.0.0.1',
  'rest.bind-address': '127.0.0.1',
  'rest.port': String(restPort),
  'io.tmp.dirs': tmp,
  'web.tmpdir': tmp,
  'taskmanager.host': '127.0.0.1',
  'taskmanager.numberOfTaskSlots': '2',
  'taskmanager.cpu.cores': '1',
  'taskmanager.memory.task.heap.size': '64m',
  'taskmanager.memory.task.off-heap.size': '16m',
  'taskmanager.memory.managed.size': '16m',
  'taskmanager.memory.network.min': '16m',
  'taskmanager.memory.network.max': '16m',
  'taskmanager.memory.framework.heap.size': '64m',
  'taskmanager.memory.framework.off-heap.size': '32m',
  'taskmanager.memory.jvm-metaspace.size': '128m',
  'taskmanager.memory.jvm-overhead.min': '64m',
  'taskmanager.memory.jvm-overhead.max': '64m',
  'cluster.registration.error-delay': '500 ms',
});

const LOG4J = `rootLogger.level = INFO
rootLogger.appenderRef.console.ref = console
appender.console.name = console
appender.console.type = CONSOLE
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss,SSS} %-5p %c{1} - %m%n
`;

/** Held open together, so that they differ. */
const freePorts = async (count: number): Promise<number[]> => {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  const ports = await Promise.all(
    servers.map(async (server) => {
      await new Promise((resolve) => server.once('listening', resolve));
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : 0;
    }),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
};
