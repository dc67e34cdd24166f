/** What the official images (flink:1.20 and flink:2.3) have in its configuration before FLINK_PROPERTIES. */
export const imageProperties = (
  environment: Readonly<Record<string, string>>,
  hostName: string,
): [string, string][] => [
  ['env.java.opts.all', jvmOptions.join(' ')],
  ['jobmanager.rpc.address', environment.JOB_MANAGER_RPC_ADDRESS ?? hostName],
  ['jobmanager.rpc.port', '6123'],
  ['jobmanager.memory.process.size', '1600m'],
  ['jobmanager.execution.failover-strategy', 'region'],
  ['taskmanager.numberOfTaskSlots', environment.TASK_MANAGER_NUMBER_OF_TASK_SLOTS ?? '1'],
  ['taskmanager.memory.process.size', '1728m'],
  ['parallelism.default', '1'],
  ['blob.server.port', '6124'],
  ['query.server.port', '6125'],
];

/**
 * FLINK_PROPERTIES as the image's entry point reads it: one `key: value` a line, split at the first colon, all white
 * space dropped (`10 s` becomes `10s`, which Flink reads alike), `$NAME` and `${NAME}` filled in from the environment, no comments.
 */
export const parseFlinkProperties = (text: string, environment: Readonly<Record<string, string>>): [string, string][] =>
  text
    .split('\n')
    .map((line) => line.replaceAll(/\s/g, ''))
    .filter((line) => line !== '')
    .map((line) => {
      const colon = line.indexOf(':');
      const [key, value] = colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1)];
      const filled = value.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced, bare) => environment[braced ?? bare] ?? '');
      return [key, filled];
    });

/** `-Dkey=value` and `-D key=value` of a container's command. */
export const parseDynamicProperties = (args: readonly string[]): [string, string][] =>
  args
    .flatMap((arg, at) => (arg === '-D' ? [args[at + 1] ?? ''] : arg.startsWith('-D') ? [arg.slice(2)] : []))
    .flatMap((pair): [string, string][] => {
      const equals = pair.indexOf('=');
      return equals < 1 ? [] : [[pair.slice(0, equals), pair.slice(equals + 1)]];
    });

/** Without these opens every POST to /jars/:id/run is refused, while all else looks healthy. */
const jvmOptions: readonly string[] = [
  '--add-exports=java.base/sun.net.util=ALL-UNNAMED',
  '--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED',
  ...['api', 'file', 'parser', 'tree', 'util'].map(
    (name) => `--add-exports=jdk.compiler/com.sun.tools.javac.${name}=ALL-UNNAMED`,
  ),
  '--add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED',
  ...['lang', 'net', 'io', 'nio', 'lang.reflect', 'text', 'time', 'util'].map(
    (name) => `--add-opens=java.base/java.${name}=ALL-UNNAMED`,
  ),
  '--add-opens=java.base/sun.nio.ch=ALL-UNNAMED',
  ...['concurrent', 'concurrent.atomic', 'concurrent.locks'].map(
    (name) => `--add-opens=java.base/java.util.${name}=ALL-UNNAMED`,
  ),
];

/** As conf/log4j-console.properties of the distribution, without its second copy in a file. */
export const log4jProperties = `rootLogger.level = INFO
rootLogger.appenderRef.console.ref = ConsoleAppender
logger.pekko.name = org.apache.pekko
logger.pekko.level = INFO
logger.zookeeper.name = org.apache.zookeeper
logger.zookeeper.level = INFO
logger.shaded_zookeeper.name = org.apache.flink.shaded.zookeeper3
logger.shaded_zookeeper.level = INFO
appender.console.name = ConsoleAppender
appender.console.type = CONSOLE
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %-60c %x - %m%n
logger.netty.name = org.jboss.netty.channel.DefaultChannelPipeline
logger.netty.level = OFF
`;
