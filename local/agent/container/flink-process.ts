import type { ContainerProcess, Surroundings } from './container-process.ts';
import {
  imageJvmOptions,
  imageProperties,
  log4jProperties,
  parseDynamicProperties,
  parseFlinkProperties,
} from './flink-image.ts';
import { type FlinkRole, overridesFor } from './overrides.ts';

/** A JobManager or TaskManager as a plain JVM: what the image's entry point and Flink's start scripts come to, with the local overrides. */
export const flinkProcess = (
  role: FlinkRole,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  at: Surroundings,
): ContainerProcess => {
  const asked = new Map([
    ...imageProperties(role, environment, at.hostName),
    ...parseFlinkProperties(environment.FLINK_PROPERTIES ?? '', environment),
    ...parseDynamicProperties(args),
  ]);
  const slots = Number(asked.get('taskmanager.numberOfTaskSlots')) || 1;
  const place = { address: at.address, dir: at.dir, hostsFile: at.hostsFile, slots };
  const properties = new Map([...asked, ...overridesFor('config', role, place)]);
  const conf = `${at.dir}/conf`;
  return {
    role,
    command: at.java,
    args: [
      ...overridesFor('jvm', role, place).map(([option, value]) => `${option}${value}`),
      ...imageJvmOptions,
      ...userJvmOptions(role, asked),
      '-cp',
      `${at.flinkHome}/lib/*`,
      ...entryPoints[role],
      '--configDir',
      conf,
      ...(role === 'jobmanager' ? ['--executionMode', 'cluster'] : []),
    ],
    env: {
      ...environment,
      FLINK_HOME: at.flinkHome,
      FLINK_CONF_DIR: conf,
      FLINK_LIB_DIR: `${at.flinkHome}/lib`,
      FLINK_OPT_DIR: `${at.flinkHome}/opt`,
      FLINK_PLUGINS_DIR: `${at.flinkHome}/plugins`,
    },
    files: [
      // A JSON string is a YAML string: nothing can be mistaken for anything else.
      {
        path: `${conf}/config.yaml`,
        content: [...properties].map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}\n`).join(''),
      },
      { path: `${conf}/log4j-console.properties`, content: log4jProperties },
      { path: `${conf}/security.properties`, content: 'networkaddress.cache.negative.ttl=1\n' },
    ],
  };
};

const entryPoints = {
  jobmanager: ['org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint'],
  taskmanager: ['org.apache.flink.runtime.taskexecutor.TaskManagerRunner'],
} as const;

/** `env.java.opts.*`, which the start scripts read. Later options win in a JVM, so the owner's stand last. */
const userJvmOptions = (role: FlinkRole, asked: ReadonlyMap<string, string>): string[] =>
  ['env.java.opts.all', 'env.java.opts', `env.java.opts.${role}`].flatMap((key) =>
    (asked.get(key) ?? '').split(/\s+/).filter(Boolean),
  );
