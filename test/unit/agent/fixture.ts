import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { type Agent, type AgentOptions, startAgent } from '../../../local/agent/agent.ts';
import { createProcesses } from '../../../local/processes.ts';
import { type FakeEmulator, type FakeEvent, startFakeEmulator } from './fake-emulator.ts';

/** A whole agent against a fake emulator, running real processes (shells) in a folder of its own. */
export const startFixture = async (options: Partial<AgentOptions> = {}): Promise<Fixture> => {
  const dir = mkdtempSync(join(tmpdir(), 'agent-'));
  const emulator = await startFakeEmulator();
  const processes = await createProcesses(join(dir, 'processes'));
  const agent = await startAgent({
    emulatorUrl: emulator.url,
    listen: { host: '127.0.0.1', port: 0 },
    subnet: '127.9.9',
    dir: join(dir, 'agent'),
    region: 'eu-west-1',
    account: '000000000000',
    processes,
    flinks: [{ version: '1.20.5', home: join(dir, 'flink') }],
    java: '/bin/false',
    pollMs: 10,
    discoveryDelayMs: 20,
    ...options,
  });
  return {
    agent,
    emulator,
    dir,
    until,
    eventsOf: (taskArn) => emulator.events.filter((event) => event.taskArn === taskArn),
    logs: () => read(join(dir, 'agent', 'logs')),
    close: async () => {
      await agent.stop();
      await processes.close();
      emulator.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
};

export type Fixture = {
  agent: Agent;
  emulator: FakeEmulator;
  dir: string;
  /** Waits for a value that is neither undefined nor false. */
  until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<Exclude<T, false>>>;
  eventsOf(taskArn: string): FakeEvent[];
  logs(): string;
  close(): Promise<void>;
};

/** A container that runs a shell line. */
export const shell = (line: string, more: object = {}): object => ({
  name: 'main',
  image: 'busybox',
  command: ['sh', '-c', line],
  stopTimeout: 1,
  ...more,
});

const until: Fixture['until'] = (what, look) =>
  vi.waitFor(
    async () => {
      const seen = await look();
      if (seen === undefined || seen === false) throw new Error(`still waiting for ${what}`);
      return seen as NonNullable<Exclude<typeof seen, false>>;
    },
    { timeout: 15_000, interval: 5 },
  );

const read = (folder: string): string =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
