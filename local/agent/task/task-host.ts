import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Processes } from '../../processes.ts';
import { CannotStart } from '../container/cannot-start.ts';
import type { InstalledFlink } from '../container/choose-flink.ts';
import { containerEnvironment } from '../container/container-environment.ts';
import { containerProcess } from '../container/container-process.ts';
import type { Emulator } from '../emulator.ts';
import type { Names } from '../names.ts';
import { privateDnsName } from './render.ts';
import type { Task } from './task.ts';
import type { TaskHost, TaskLife } from './task-life.ts';

/** The machine as a place for tasks: a folder for each below `dir/tasks`, a log for each container below `dir/logs`. */
export const createTaskHost = (options: TaskHostOptions): TaskHost => {
  return {
    processes: options.processes,
    names: options.names,
    now: Date.now,
    prepare: async (task) => {
      const dir = folderOf(options.dir, task);
      const hostName = privateDnsName(task);
      const hostsFile = join(dir, 'hosts');
      await Promise.all([join(dir, 'tmp'), join(options.dir, 'logs')].map((path) => mkdir(path, { recursive: true })));
      await options.names.open(task.id, { file: hostsFile, address: task.address, ownNames: [hostName] });
      const at = {
        address: task.address,
        hostName,
        dir,
        hostsFile,
        region: task.region,
        awsUrl: options.emulatorUrl,
        flinks: options.flinks,
        java: options.java,
      };
      const place = { dir, hostName, region: task.region, emulatorUrl: options.emulatorUrl };
      return Promise.all(
        task.containers.map(async (container) => {
          const environment = await containerEnvironment(container.definition, place, options.emulator);
          const plan = containerProcess(container.definition, environment, at);
          for (const file of plan.files) {
            await mkdir(dirname(file.path), { recursive: true });
            await writeFile(file.path, file.content);
          }
          return [container, plan] as const;
        }),
      );
    },
    spawn: (task, container, plan) => {
      const name = `${task.service?.name ?? task.definition.family}-${task.id.slice(0, 8)}-${container.definition.name}`;
      const logFile = join(options.dir, 'logs', `${name}.log`);
      try {
        return options.processes.spawn(plan.command, plan.args, {
          name,
          logFile,
          env: plan.env,
          cwd: folderOf(options.dir, task),
        });
      } catch (error) {
        throw new CannotStart(`CannotStartContainerError: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
    changed: options.changed,
  };
};

/** Removes what only a running task needs; its configuration and its logs stay. */
export const clearTask = (dir: string, task: Task): Promise<void> =>
  rm(join(folderOf(dir, task), 'tmp'), { recursive: true, force: true });

type TaskHostOptions = {
  readonly dir: string;
  readonly emulator: Emulator;
  readonly emulatorUrl: string;
  readonly processes: Processes;
  readonly names: Names;
  readonly flinks: readonly InstalledFlink[];
  readonly java: string;
  readonly changed: (life: TaskLife) => void;
};

const folderOf = (dir: string, task: Task): string => join(dir, 'tasks', task.id);
