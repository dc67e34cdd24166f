import type { Addresses } from '../addresses.ts';
import { createTask, type TaskOrder } from './task.ts';
import { liveTask, type TaskHost, type TaskLife } from './task-life.ts';
import type { TaskTable } from './task-table.ts';

/** Starts tasks on this machine, each with an address of its own. */
export const createLauncher =
  (parts: { addresses: Addresses; table: TaskTable; host: TaskHost }): Launcher =>
  (order, names = []) => {
    const address = parts.addresses.take();
    if (address === undefined) return undefined;
    const life = liveTask(createTask(order, address, parts.host.now()), names, parts.host);
    parts.table.add(life);
    return life;
  };

/** Starts one task under these discovery names; undefined when no address is free. */
export type Launcher = (order: TaskOrder, names?: readonly string[]) => TaskLife | undefined;
