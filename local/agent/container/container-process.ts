import { basename } from 'node:path';
import type { ContainerDefinition } from '../services/desired-state.ts';
import { CannotStart } from './cannot-start.ts';
import { chooseFlink, type InstalledFlink, parseImage } from './choose-flink.ts';
import { flinkProcess } from './flink-process.ts';
import type { FlinkRole } from './overrides.ts';

/**
 * The local process that stands for a container: a Flink image runs the machine's Flink, any other image only a command
 * of a runtime known here. Throws CannotStart in ECS's words for everything else.
 */
export const containerProcess = (
  definition: ContainerDefinition,
  environment: Readonly<Record<string, string>>,
  at: Surroundings,
): ContainerProcess => {
  const line = commandLine(definition);
  const [word = '', ...args] = line;
  const role = roleOf(definition);
  if (role !== 'other') {
    const flink = chooseFlink(definition.image, at.flinks);
    return flinkProcess(role, args, environment, { ...at, flink });
  }
  const runtime = runtimes.get(basename(word));
  if (runtime === undefined) throw new CannotStart(noSuchImage(definition.image, line));
  return { command: runtime, args, env: { ...environment, TASK_ADDRESS: at.address }, files: [] };
};

/** What a container is to Flink, by its image and its command. */
export const roleOf = (definition: ContainerDefinition): FlinkRole | 'other' => {
  const word = commandLine(definition)[0];
  return isFlink(definition.image) && (word === 'jobmanager' || word === 'taskmanager') ? word : 'other';
};

/** What to start, with which files in place before. */
export type ContainerProcess = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  readonly files: readonly { readonly path: string; readonly content: string }[];
};

/** What the machine and the task offer to a container. */
export type Surroundings = {
  readonly address: string;
  readonly hostName: string;
  /** The task's own folder. */
  readonly dir: string;
  readonly hostsFile: string;
  readonly region: string;
  /** Where AWS answers. */
  readonly awsUrl: string;
  /** The image's tag says which of them runs. */
  readonly flinks: readonly InstalledFlink[];
  readonly java: string;
};

const runtimes = new Map([
  ['node', process.execPath],
  ['python3', 'python3'],
  ['python', 'python3'],
  ['sh', '/bin/sh'],
]);

const commandLine = (definition: ContainerDefinition): string[] => [
  ...(definition.entryPoint ?? []),
  ...(definition.command ?? []),
];

const isFlink = (image: string): boolean => /(^|[-_.])flink([-_.]|$)/.test(parseImage(image).name);

const noSuchImage = (image: string, line: readonly string[]): string => {
  const known = [...(isFlink(image) ? ['jobmanager', 'taskmanager'] : []), ...runtimes.keys()].join(', ');
  const given = line.length === 0 ? 'has no command' : `has the command ${JSON.stringify(line.join(' '))}`;
  return `CannotPullContainerError: failed to resolve ref ${image}: the local world has no images; it can run this container by a command that begins with one of ${known}, and it ${given}`;
};
