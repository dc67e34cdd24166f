import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import packageJson from '../package.json' with { type: 'json' };
import { call, type Place } from './call.ts';
import { type Outside, run } from './run.ts';
import { wantsColours } from './show/paint.ts';
import { EXIT } from './usage.ts';

/** `npx flink-autopilot …` on a real machine. Gives the exit code; Ctrl-C ends it at once, without a trace. */
export const main = async (): Promise<number> => {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  // A reader that has seen enough (`| head`) is no fault.
  process.stdout.on('error', () => process.exit(EXIT.fine));
  try {
    return await run(process.argv.slice(2), machine(stop));
  } catch (thrown) {
    if (!stop.signal.aborted) throw thrown;
    console.error('Stopped. An order that was sent may have arrived: npx flink-autopilot orders shows open ones.');
    return EXIT.stopped;
  }
};

const machine = (stop: AbortController): Outside => ({
  env: process.env,
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  colours: wantsColours(process.env, process.stdout.isTTY),
  nowMs: Date.now(),
  who: `${process.env.USER || userName()}@${hostname()}`,
  version: packageJson.version,
  service: serviceName(),
  ...(process.stdin.isTTY && process.stderr.isTTY ? { question: (text: string) => question(text, stop) } : {}),
  localWorld,
  call: (request, place) => call(request, place, stop.signal),
});

/** A user without an entry of its own has no name: some containers. */
const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
};

/** What the stack of this checkout is called. */
const serviceName = (): string => {
  const file = readFileSync(new URL('../serverless.yml', import.meta.url), 'utf8');
  return /^service: *([\w-]+)/m.exec(file)?.[1] ?? 'flink-autopilot';
};

const question = async (text: string, stop: AbortController): Promise<string> => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  lines.on('SIGINT', () => stop.abort());
  try {
    return await lines.question(text, { signal: stop.signal });
  } finally {
    lines.close();
  }
};

const localWorld = async (): Promise<Place['local']> => {
  const { findAddress } = await import('../local/control/address.ts');
  const aws = findAddress()?.aws;
  if (aws === undefined) return undefined;
  const { clientConfig } = await import('../local/aws.ts');
  const { endpoint, credentials } = clientConfig(aws);
  return { endpoint, credentials };
};
