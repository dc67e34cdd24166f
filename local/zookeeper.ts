import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { log4jProperties } from './agent/container/flink-image.ts';
import { runCommand } from './install/run-command.ts';
import type { Processes } from './processes.ts';
import { waitFor } from './wait-for.ts';

/**
 * A ZooKeeper of one server, from the jars of a Flink distribution; resolves when it serves. It stands beside the ECS
 * tasks, as an ensemble that somebody else runs.
 */
export const startZooKeeper = async (options: ZooKeeperOptions): Promise<ZooKeeper> => {
  const { processes, dir, host, port } = options;
  const data = join(dir, 'data');
  mkdirSync(data, { recursive: true });
  const files = { config: join(dir, 'zoo.cfg'), log: join(dir, 'log4j.properties') };
  writeFileSync(files.config, configuration(data, host, port));
  writeFileSync(files.log, log4jProperties);
  const args = [...JVM, `-Dlog4j.configurationFile=file:${files.log}`, '-cp', join(options.home, 'lib/*'), MAIN];
  const logFile = join(dir, 'zookeeper.log');
  const spawn = () =>
    processes.spawn(options.java, [...args, files.config], { name: 'zookeeper', logFile, env: { LC_ALL: 'C.UTF-8' } });
  let child = spawn();
  const serving = () =>
    waitFor(`ZooKeeper at ${host}:${port} (its log: ${logFile})`, START_MAX_MS, async () => {
      if (child.exitCode !== null) throw new Error(`ZooKeeper ended with code ${child.exitCode}: see ${logFile}`);
      return serves(host, port);
    });
  await serving();
  return {
    quorum: `${host}:${port}`,
    pid: () => child.pid ?? 0,
    kill: () => processes.end(child, { signal: 'SIGKILL' }),
    start: async ({ empty = false } = {}) => {
      if (empty) rmSync(data, { recursive: true, force: true });
      mkdirSync(data, { recursive: true });
      child = spawn();
      await serving();
    },
    command: async (...words) => {
      const args = [
        ...JVM,
        `-Dlog4j.configurationFile=file:${files.log}`,
        '-cp',
        join(options.home, 'lib/*'),
        CLIENT,
        '-server',
        `${host}:${port}`,
        ...words,
      ];
      await runCommand(processes, options.java, args, { logFile: join(dir, 'command.log') });
    },
  };
};

export type ZooKeeperOptions = {
  readonly processes: Processes;
  readonly java: string;
  /** Of the Flink whose lib/ has it. */
  readonly home: string;
  /** Everything it writes is below it. */
  readonly dir: string;
  readonly host: string;
  readonly port: number;
};

export type ZooKeeper = {
  /** `host:port`, as clients are told. */
  readonly quorum: string;
  /** Its process now, for signals such as SIGSTOP. */
  pid(): number;
  /** Ends it at once; what it has stored stays. */
  kill(): Promise<void>;
  /** Starts it again, with what it has stored or `empty`; resolves when it serves. */
  start(how?: { readonly empty?: boolean }): Promise<void>;
  /** What `zkCli.sh` would do with these words. Rejects where that fails. */
  command(...words: readonly string[]): Promise<void>;
};

const MAIN = 'org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServerMain';

const CLIENT = 'org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.ZooKeeperMain';

const JVM = ['-Xmx96m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dzookeeper.admin.enableServer=false'];

const START_MAX_MS = 60_000; // 0.8 s on an idle machine

/** ZooKeeper ends sessions after 20 ticks at most: 10 s here instead of 40, so that a failover does not take most of a minute. */
const TICK_MS = 500;

const configuration = (data: string, host: string, port: number): string => `dataDir=${data}
clientPort=${port}
clientPortAddress=${host}
tickTime=${TICK_MS}
maxClientCnxns=0
4lw.commands.whitelist=srvr
`;

/** One that serves says so; one that only listens does not. */
const serves = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    let said = '';
    const socket = connect({ host, port });
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on('data', (part) => {
      said += part;
    });
    socket.on('error', () => {}); // it closes then, too
    socket.on('close', () => resolve(said.includes('Mode: standalone')));
    socket.write('srvr');
  });
