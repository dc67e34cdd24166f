import type { InstalledFlink } from './choose-flink.ts';
import type { ContainerProcess, Surroundings } from './container-process.ts';
import { imageProperties, log4jProperties, parseDynamicProperties, parseFlinkProperties } from './flink-image.ts';
import { type FlinkRole, overridesFor } from './overrides.ts';

/**
 * A JobManager or TaskManager as a plain JVM: what the image's entry point and Flink's start scripts come to, with the
 * local overrides. Main classes and options are those of Flink 1.20 and 2.3.
 */
export const flinkProcess = (
  role: FlinkRole,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  at: Surroundings & { readonly flink: InstalledFlink },
): ContainerProcess => {
  const asked = new Map([
    ...imageProperties(environment, at.hostName),
    ...parseFlinkProperties(environment.FLINK_PROPERTIES ?? '', environment),
    ...parseDynamicProperties(args),
  ]);
  const conf = `${at.dir}/conf`;
  const slots = asked.get('taskmanager.numberOfTaskSlots') ?? '1';
  const place = {
    address: at.address,
    slots,
    tmp: `${at.dir}/tmp`,
    conf,
    hosts: at.hostsFile,
    aws: at.awsUrl,
    region: at.region,
  };
  const properties = [...new Map([...asked, ...overridesFor('config', role, place)])];
  return {
    command: at.java,
    args: [
      ...overridesFor('jvm', role, place).map(([option, value]) => `${option}${value}`),
      ...configuredJvmOptions(role, asked),
      ...['-cp', `${at.flink.home}/lib/*`],
      mainClasses[role],
      ...['--configDir', conf],
      ...(role === 'jobmanager' ? ['--executionMode', 'cluster'] : []),
    ],
    env: {
      ...environment,
      ...flinkEnvironment(at.flink.home, conf),
      FLINK_PLUGINS_DIR: pluginsFor(at.flink, environment.ENABLE_BUILT_IN_PLUGINS),
      ...Object.fromEntries(overridesFor('environment', role, place)),
    },
    files: [
      { path: `${conf}/config.yaml`, content: properties.map(yamlLine).join('') },
      { path: `${conf}/log4j-console.properties`, content: log4jProperties },
      { path: `${conf}/security.properties`, content: 'networkaddress.cache.negative.ttl=1\n' },
    ],
  };
};

const mainClasses = {
  jobmanager: 'org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint',
  taskmanager: 'org.apache.flink.runtime.taskexecutor.TaskManagerRunner',
} as const;

/** `env.java.opts.*`, which the start scripts read. They stand last: of two equal options a JVM follows the last. */
const configuredJvmOptions = (role: FlinkRole, asked: ReadonlyMap<string, string>): string[] =>
  ['env.java.opts.all', 'env.java.opts', `env.java.opts.${role}`]
    .flatMap((key) => (asked.get(key) ?? '').split(/\s+/))
    .filter((option) => option !== '');

const flinkEnvironment = (flinkHome: string, conf: string) => ({
  FLINK_HOME: flinkHome,
  FLINK_CONF_DIR: conf,
  FLINK_LIB_DIR: `${flinkHome}/lib`,
  FLINK_OPT_DIR: `${flinkHome}/opt`,
});

/** As the image's entry point, which copies the plugins that are asked for by name; here only one can be had. */
const pluginsFor = ({ home, s3Plugins }: InstalledFlink, asked = ''): string =>
  s3Plugins !== undefined && asked.includes(S3_PLUGIN) ? s3Plugins : `${home}/plugins`;

/** How the names of its jars begin, whatever the version. */
const S3_PLUGIN = 'flink-s3-fs-hadoop-';

/** A JSON string is a YAML string, so no value can be mistaken for anything else. */
const yamlLine = ([key, value]: readonly [string, string]): string =>
  `${JSON.stringify(key)}: ${JSON.stringify(value)}\n`;
