/**
 * Everything in which a Flink task here differs from the same task on ECS. The rest of its configuration is what the
 * image's defaults, FLINK_PROPERTIES and the command say, as on ECS.
 */
export const overrides: readonly Override[] = [
  // Addresses: a task on ECS has a network of its own, here it has one loopback address of the machine.
  config(
    'jobmanager.bind-host',
    'jobmanager',
    ({ address }) => address,
    'several JobManagers share the machine: 0.0.0.0 would collide',
  ),
  config('rest.bind-address', 'jobmanager', ({ address }) => address, 'the same for the REST port'),
  config(
    'rest.address',
    'jobmanager',
    ({ address }) => address,
    'what a JobManager tells of itself must lead to itself',
  ),
  config('taskmanager.bind-host', 'taskmanager', ({ address }) => address, 'several TaskManagers share the machine'),
  config(
    'taskmanager.host',
    'taskmanager',
    ({ address }) => address,
    'the container name that the image would take is no name here',
  ),
  jvm(
    '-Djdk.net.hosts.file=',
    'both',
    ({ hostsFile }) => hostsFile,
    'discovery names and the own localhost; other host names do not resolve',
  ),
  jvm('-Dsun.net.inetaddr.ttl=', 'both', () => '1', 'a JVM keeps a name 30 s: the world here moves faster'),
  jvm(
    '-Djava.security.properties=',
    'both',
    ({ dir }) => `${dir}/conf/security.properties`,
    'the same for names not found (10 s)',
  ),

  // Memory: the sizes of a laptop; without its start scripts a TaskManager wants each of them given.
  config('taskmanager.cpu.cores', 'taskmanager', ({ slots }) => String(slots), 'computed by the start scripts on ECS'),
  config('taskmanager.memory.task.heap.size', 'taskmanager', () => '64m', 'part of -Xmx'),
  config('taskmanager.memory.task.off-heap.size', 'taskmanager', () => '0m', 'none by default'),
  config('taskmanager.memory.framework.heap.size', 'taskmanager', () => '128m', 'part of -Xmx'),
  config('taskmanager.memory.framework.off-heap.size', 'taskmanager', () => '64m', 'part of the direct memory'),
  config(
    'taskmanager.memory.managed.size',
    'taskmanager',
    ({ slots }) => `${16 * slots}m`,
    'RocksDB and sorting: little is needed here',
  ),
  config(
    'taskmanager.memory.network.min',
    'taskmanager',
    () => '64m',
    'part of the direct memory; enough for 2,048 buffers',
  ),
  config('taskmanager.memory.network.max', 'taskmanager', () => '64m', 'min and max must be equal without the scripts'),
  config('taskmanager.memory.jvm-metaspace.size', 'taskmanager', () => '256m', 'equals the JVM flag below'),
  config('taskmanager.memory.jvm-overhead.min', 'taskmanager', () => '64m', 'asked for without the scripts'),
  config(
    'taskmanager.memory.jvm-overhead.max',
    'taskmanager',
    () => '64m',
    'min and max must be equal without the scripts',
  ),
  jvm('-Xmx', 'jobmanager', () => '256m', 'the image takes 1600m for the process'),
  jvm('-Xmx', 'taskmanager', () => '192m', 'the image takes 1728m for the process'),
  jvm('-XX:MaxDirectMemorySize=', 'taskmanager', () => '136m', 'framework off-heap, network and a little for the JVM'),
  jvm('-XX:MaxMetaspaceSize=', 'both', () => '256m', 'as the image has it'),
  jvm('-XX:+UseSerialGC', 'both', () => '', 'few cores, small heaps'),
  jvm('-XX:TieredStopAtLevel=', 'both', () => '1', 'a short life: starting fast is worth more than running fast'),

  // Files: a container has a disk of its own, here it has a folder.
  config('web.tmpdir', 'jobmanager', ({ dir }) => `${dir}/tmp`, 'own folder, removed with the task'),
  config('io.tmp.dirs', 'both', ({ dir }) => `${dir}/tmp`, 'own folder, removed with the task'),
  config('blob.storage.directory', 'both', ({ dir }) => `${dir}/tmp`, 'own folder, removed with the task'),
  jvm('-Djava.io.tmpdir=', 'both', ({ dir }) => `${dir}/tmp`, 'own folder, removed with the task'),
  jvm(
    '-Dlog4j.configurationFile=',
    'both',
    ({ dir }) => `file:${dir}/conf/log4j-console.properties`,
    'to the console as in the image, whose output is kept in the log folder',
  ),

  // Time.
  config(
    'cluster.registration.error-delay',
    'both',
    () => '500 ms',
    'by default a TaskManager that came too early asks again only after 10 s',
  ),
];

/** One difference: where it applies, what it sets, why. */
export type Override = {
  readonly sets: 'config' | 'jvm';
  /** A configuration key, or the beginning of a JVM option. */
  readonly key: string;
  readonly role: FlinkRole | 'both';
  readonly value: (place: Place) => string;
  readonly because: string;
};

export type FlinkRole = 'jobmanager' | 'taskmanager';

/** Where a task runs. */
export type Place = {
  readonly address: string;
  /** The task's own folder. */
  readonly dir: string;
  readonly hostsFile: string;
  readonly slots: number;
};

function config(key: string, role: Override['role'], value: Override['value'], because: string): Override {
  return { sets: 'config', key, role, value, because };
}

function jvm(key: string, role: Override['role'], value: Override['value'], because: string): Override {
  return { sets: 'jvm', key, role, value, because };
}

/** The overrides of one kind that apply to a role, as key and value. */
export const overridesFor = (sets: Override['sets'], role: FlinkRole, place: Place): [string, string][] =>
  overrides
    .filter((row) => row.sets === sets && (row.role === 'both' || row.role === role))
    .map((row) => [row.key, row.value(place)]);
