import { basename } from 'node:path';
import type { ContainerDefinition } from '../services/desired-state.ts';
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
  const line = [...(definition.entryPoint ?? []), ...(definition.command ?? [])];
  const image = parseImage(definition.image);
  const isFlink = /(^|[-_.])flink([-_.]|$)/.test(image.name);
  const [word = '', ...args] = line;
  if (isFlink && (word === 'jobmanager' || word === 'taskmanager')) {
    refuseOtherVersion(definition.image, image.tag, at.flinkVersion);
    return flinkProcess(word, args, environment, at);
  }
  const runtime = runtimes.get(basename(word));
  if (runtime === undefined) throw new CannotStart(noSuchImage(definition.image, line, isFlink));
  return { role: 'other', command: runtime, args, env: { ...environment, TASK_ADDRESS: at.address }, files: [] };
};

/** What to start, with which files in place before. */
export type ContainerProcess = {
  readonly role: FlinkRole | 'other';
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
  readonly flinkHome: string;
  readonly flinkVersion: string;
  readonly java: string;
};

/** A container that cannot run; the message is the task's stoppedReason. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}

const runtimes = new Map([
  ['node', process.execPath],
  ['python3', 'python3'],
  ['python', 'python3'],
  ['sh', '/bin/sh'],
]);

const parseImage = (image: string): { name: string; tag: string } => {
  const last = (image.split('@')[0] ?? '').split('/').at(-1) ?? '';
  const [name = '', tag = 'latest'] = last.split(':');
  return { name, tag };
};

/** A tag that begins with a version must mean the Flink that is here, at least its minor release. */
const refuseOtherVersion = (image: string, tag: string, version: string): void => {
  const asked = /^(\d+)\.(\d+)/.exec(tag);
  const here = /^(\d+)\.(\d+)/.exec(version);
  if (asked === null || here === null || asked[0] === here[0]) return;
  throw new CannotStart(
    `CannotPullContainerError: failed to resolve ref ${image}: only Flink ${version} is installed in the local world`,
  );
};

const noSuchImage = (image: string, line: readonly string[], isFlink: boolean): string => {
  const known = isFlink ? 'jobmanager, taskmanager, node, python3 or sh' : 'node, python3 or sh';
  const given = line.length === 0 ? 'no command' : `the command ${JSON.stringify(line.join(' '))}`;
  return `CannotPullContainerError: failed to resolve ref ${image}: the local world has no containers; it can run this image with a command that begins with ${known}, and has ${given}`;
};
