import { join } from 'node:path';
import { leaderOf } from '../../local/control/leader.ts';
import type { Bus } from '../e2e/support/bus.ts';
import type { Gates, Way } from '../e2e/support/gates.ts';
import { processesOf } from '../e2e/support/leftovers.ts';
import type { Stage } from '../e2e/support/stage.ts';
import type { Kind, Round, Trouble } from './plan.ts';

/** Makes the trouble of one round, and ends it. `tell` hears of each when it begins and when it is over. */
export const makeTrouble = async (
  scene: Scene,
  { first, beside }: Round,
  tell: (text: string) => void,
): Promise<void> => {
  const one = async ({ what, forMs }: Trouble): Promise<void> => {
    tell(forMs === 0 ? what : `${what}, for ${Math.round(forMs / 1_000)} s`);
    await TROUBLES[what](scene, forMs);
    if (forMs > 0) tell(`over: ${what}`);
  };
  const second = async (): Promise<void> => {
    if (beside === undefined) return;
    await sleep(beside.afterMs);
    await one(beside);
  };
  await Promise.all([one(first), second()]);
};

/** Where trouble is made. */
export type Scene = { readonly stage: Stage; readonly gates: Gates; readonly bus: Bus };

type Make = (scene: Scene, forMs: number) => Promise<void>;

const killed =
  (role: string): Make =>
  async ({ stage }) =>
    void (await stage.world.agent.kill({ role }, 'SIGKILL'));

const cut =
  (way: Way): Make =>
  async ({ gates }, forMs) => {
    gates.cut(way);
    await sleep(forMs);
    gates.mend(way);
  };

const TROUBLES: Readonly<Record<Kind, Make>> = {
  'all JobManagers are killed': killed('jobmanager'),
  'all TaskManagers are killed': killed('taskmanager'),
  'the leader is killed': async ({ stage }) => {
    const taskArn = await foremost(stage);
    if (taskArn !== undefined) await stage.world.agent.kill({ taskArn }, 'SIGKILL');
  },
  'a JobManager is stopped through ECS': async ({ stage }) => {
    const taskArn = await foremost(stage);
    if (taskArn !== undefined) await stage.world.agent.stopTask(taskArn, 'by hand');
  },
  'a JobManager is frozen': async ({ stage }, forMs) => {
    const taskArn = await foremost(stage);
    if (taskArn === undefined) return;
    await stage.world.agent.kill({ taskArn }, 'SIGSTOP');
    await sleep(forMs);
    await stage.world.agent.kill({ taskArn }, 'SIGCONT');
  },
  'the functions die as soon as they live': async ({ stage }, forMs) => {
    const untilMs = performance.now() + forMs;
    while (performance.now() < untilMs) {
      killFunctions(stage);
      await sleep(KILL_EVERY_MS);
    }
  },
  'the functions are cut off from Flink': cut('jobmanagers'),
  'the functions are cut off from ZooKeeper': cut('zookeeper'),
  'no event arrives': async ({ bus }, forMs) => {
    await bus.loseEvents();
    await sleep(forMs);
    await bus.deliverEvents();
  },
  'ZooKeeper is away': async ({ stage }, forMs) => {
    await stage.world.zookeeper?.kill();
    await sleep(forMs);
    await stage.world.zookeeper?.start();
  },
};

/** The JobManager that leads, or one that lives. */
const foremost = async ({ world }: Stage): Promise<string | undefined> => {
  const leader = await leaderOf(world).catch(() => undefined);
  return (leader ?? world.agent.tasks().findLast(({ role, alive }) => role === 'jobmanager' && alive))?.taskArn;
};

/** The processes in which the emulator runs functions. */
const killFunctions = ({ world }: Stage): void => {
  for (const { pid, command } of processesOf(join(world.dir, 'emulator'))) {
    if (!WORKER.test(command)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended between the look and the kill.
    }
  }
};

const WORKER = /ministack-lambda-.*_worker\.js/;

/** A pass that begins in between gets some way: it dies at any point. */
const KILL_EVERY_MS = 700;

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
