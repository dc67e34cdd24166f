import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AwsClient } from '../aws.ts';
import type { Processes } from '../processes.ts';
import { waitFor } from '../wait-for.ts';

/** Starts the AWS emulator on the loopback address; resolves when it answers. Functions run inside its process group. */
export const startEmulator = async (options: EmulatorOptions): Promise<Emulator> => {
  const { processes, dir, python, port } = options;
  const url = `http://${HOST}:${port}`;
  const temporary = join(dir, 'tmp');
  mkdirSync(temporary, { recursive: true });
  // Its Node worker is CommonJS in a `.js` file; without this the package.json of the checkout above would decide.
  writeFileSync(join(temporary, 'package.json'), '{ "type": "commonjs" }\n');
  const logFile = join(dir, 'emulator.log');
  const child = processes.spawn(python, [LAUNCHER], {
    name: 'emulator',
    logFile,
    cwd: dir,
    env: emulatorEnvironment(options, temporary),
  });
  await waitFor(`the AWS emulator at ${url} (its log: ${logFile})`, START_MAX_MS, async () => {
    if (child.exitCode !== null) throw new Error(`the AWS emulator ended with code ${child.exitCode}: see ${logFile}`);
    return answers(`${url}/_ministack/health`);
  });
  let ending = false;
  const broken = new Promise<never>((_resolve, reject) => {
    child.once('exit', (code, signal) => {
      if (!ending) reject(new Error(`the AWS emulator ended (${signal ?? code}): see ${logFile}`));
    });
  });
  broken.catch(() => {}); // whoever waits for it is told; nobody has to
  const stop = () => {
    ending = true;
    return processes.end(child);
  };
  return { url, broken, stop };
};

export type EmulatorOptions = {
  processes: Processes;
  /** Everything it writes is below it. */
  dir: string;
  python: string;
  port: number;
  region: string;
  account: string;
  /** Where functions find AWS: itself, and for ECS the local agent, unless something stands between. */
  functionsClient: AwsClient;
};

export type Emulator = {
  url: string;
  /** Rejects when it ends without `stop`; never resolves. */
  broken: Promise<never>;
  stop(): Promise<void>;
};

const HOST = '127.0.0.1';
const LAUNCHER = fileURLToPath(new URL('launcher.py', import.meta.url));

// Ready in 0.3 s on an idle machine; the first start after an install reads everything from disk.
const START_MAX_MS = 60_000;

// Its own environment reaches every function: so it holds what a function needs and nothing of the user's.
const emulatorEnvironment = (options: EmulatorOptions, temporary: string): Record<string, string> => ({
  // A function runs on the first `node` of the PATH, which has to be the one of Lambda's runtime.
  PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
  HOME: options.dir,
  TMPDIR: temporary,
  GATEWAY_PORT: String(options.port),
  BIND_HOST: HOST,
  MINISTACK_HOST: HOST,
  MINISTACK_REGION: options.region,
  MINISTACK_ACCOUNT_ID: options.account,
  AWS_REGION: options.region,
  AWS_DEFAULT_REGION: options.region,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_ENDPOINT_URL: options.functionsClient.endpoint,
  AWS_ENDPOINT_URL_ECS: options.functionsClient.ecsEndpoint,
  NODE_NO_WARNINGS: '1',
  PYTHONDONTWRITEBYTECODE: '1',
});

const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
};
