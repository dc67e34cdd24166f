import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Agent, startAgent } from './agent/agent.ts';
import { ACCOUNT, type AwsClient, awsEnvironment, REGION } from './aws.ts';
import { startEmulator } from './emulator/emulator.ts';
import { cacheNote, type Progress } from './install/cache.ts';
import { installEmulator } from './install/emulator.ts';
import { DEFAULT_FLINK, type FlinkVersion, installFlink } from './install/flink.ts';
import { installJava } from './install/java.ts';
import { installS3Plugins, type S3Plugins } from './install/s3-plugins.ts';
import { plainFolder } from './plain-folder.ts';
import { createProcesses } from './processes.ts';
import { reserve, reservePort, reserveSubnet } from './reserve.ts';
import { startZooKeeper, type ZooKeeper } from './zookeeper.ts';

/**
 * Starts an AWS of its own on this machine: emulator and ECS agent, nothing deployed and no task started yet. Several at
 * once share no file, port or address. Ends with this process at the latest, however that ends.
 */
export const startWorld = async (options: WorldOptions): Promise<World> => {
  const { report = () => {}, flink = DEFAULT_FLINK } = options;
  requireLinux();
  const closers: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  };
  try {
    closers.push((await reserveFolder(options.dir)).release);
    const { path: dir, release } = plainFolder(options.dir);
    closers.push(async () => release());
    const installed = await install(flink, report);
    const { subnet, ...subnetLock } = await reserveSubnet();
    closers.push(subnetLock.release);
    const processes = await createProcesses(dir);
    closers.push(processes.close);
    wipe(dir);
    const [cloudPort, agentPort] = await Promise.all([reservePort('127.0.0.1'), reservePort(`${subnet}.1`)]);
    closers.push(cloudPort.release, agentPort.release);
    const client = {
      endpoint: `http://127.0.0.1:${cloudPort.port}`,
      ecsEndpoint: `http://${subnet}.1:${agentPort.port}`,
    };
    const shared = { processes, region: REGION, account: ACCOUNT };
    const emulator = await startEmulator({
      ...shared,
      dir: folder(dir, 'emulator'),
      python: installed.python,
      port: cloudPort.port,
      functionsClient: (await options.functionsClient?.(client)) ?? client,
    });
    closers.push(emulator.stop);
    const agent = await startAgent({
      ...shared,
      emulatorUrl: emulator.url,
      listen: { host: `${subnet}.1`, port: agentPort.port },
      subnet,
      dir: folder(dir, 'agent'),
      flinks: [{ version: flink, home: installed.home, ...s3PluginsOf(installed.s3) }],
      java: installed.java,
    });
    closers.push(() => agent.stop());
    const zookeeper = options.zookeeper ? await ownZooKeeper(dir, subnet, processes, installed, closers) : undefined;
    const env = awsEnvironment(client);
    const { broken, url: emulatorUrl } = emulator;
    const state = stateStore(dir, installed.s3);
    const parts = { dir, flink, state, subnet, processes, client, env, emulatorUrl, agent, broken, stop };
    return zookeeper === undefined ? parts : { ...parts, zookeeper };
  } catch (error) {
    await stop();
    throw error;
  }
};

export type WorldOptions = {
  /** Everything the world writes is below it; what an earlier one left there is removed. */
  dir: string;
  report?: Progress;
  /** Which Flink its clusters run. */
  flink?: FlinkVersion;
  /** A ZooKeeper runs, for clusters with several JobManagers. */
  zookeeper?: boolean;
  /** Where functions find the services whose own addresses it is given, when something is to stand between. */
  functionsClient?: (services: AwsClient) => Promise<AwsClient>;
};

export type World = {
  /** A path to its folder without a space. */
  readonly dir: string;
  readonly flink: FlinkVersion;
  readonly state: StateStore;
  /** Its loopback addresses, '127.A.B': .1 is the agent, tasks have the others. */
  readonly subnet: string;
  readonly processes: Awaited<ReturnType<typeof createProcesses>>;
  /** What the clients of ./aws.ts are made from. */
  readonly client: AwsClient;
  /** The same for a program of its own, such as `aws` or `serverless`. */
  readonly env: Record<string, string>;
  readonly emulatorUrl: string;
  readonly agent: Agent;
  readonly zookeeper?: ZooKeeper;
  /** Rejects when the emulator ends without being asked to; never resolves. */
  readonly broken: Promise<never>;
  /** Ends all tasks and processes, waits for them, and may be called twice. */
  stop(): Promise<void>;
};

/** Where the example's cluster keeps checkpoints and savepoints: in the bucket, as on AWS, or in a folder and why. */
export type StateStore =
  | { readonly kind: 's3' }
  | { readonly kind: 'folder'; readonly uri: string; readonly because: string };

/** The folder is in use by another world: one sentence for a person. */
export class FolderInUse extends Error {}

const reserveFolder = async (dir: string) => {
  mkdirSync(dir, { recursive: true });
  const held = await reserve(`folder ${realpathSync(dir)}`);
  if (held === undefined)
    throw new FolderInUse(`A local world is already running in ${dirname(dir)}: npm run local -- status shows it.`);
  return held;
};

const requireLinux = (): void => {
  if (process.platform !== 'linux') {
    throw new Error('The local world runs on Linux only: it gives each task a loopback address of its own.');
  }
};

const install = async (flink: FlinkVersion, report: Progress) => {
  const note = cacheNote();
  if (note !== undefined) report(note, 1);
  const { python } = await installEmulator(report);
  const [{ home }, { java }] = await Promise.all([installFlink(flink, report), installJava(report)]);
  return { python, home, java, s3: await installS3Plugins(flink, { home, java }, report) };
};

const ownZooKeeper = async (
  dir: string,
  subnet: string,
  processes: World['processes'],
  { java, home }: { readonly java: string; readonly home: string },
  closers: (() => Promise<void>)[],
): Promise<ZooKeeper> => {
  const host = `${subnet}.1`;
  const { port, release } = await reservePort(host);
  closers.push(release);
  return startZooKeeper({ processes, java, home, dir: folder(dir, 'zookeeper'), host, port });
};

const s3PluginsOf = (s3: S3Plugins) => ('folder' in s3 ? { s3Plugins: s3.folder } : {});

const stateStore = (dir: string, s3: S3Plugins): StateStore =>
  'folder' in s3 ? { kind: 's3' } : { kind: 'folder', uri: `file:${join(dir, 'state')}`, because: s3.because };

// The journal of processes stays: by it the next world ends what a crash may have left.
const wipe = (dir: string): void => {
  for (const entry of readdirSync(dir)) {
    if (entry !== 'processes.jsonl') rmSync(join(dir, entry), { recursive: true, force: true });
  }
};

const folder = (dir: string, name: string): string => {
  const path = join(dir, name);
  if (!existsSync(path)) mkdirSync(path);
  return path;
};
