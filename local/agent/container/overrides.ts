/**
 * Everything in which a Flink task here differs from the same task on ECS: what is set, to what, why. The rest of its
 * configuration is what the image's defaults, FLINK_PROPERTIES and the command say, as on ECS.
 */
export const overrides: Overrides = {
  config: {
    // Addresses: on ECS a task has a network of its own, here it has one loopback address of the machine.
    jobmanager: [
      ['jobmanager.bind-host', '{address}', 'several JobManagers share the machine: on 0.0.0.0 they would collide'],
      ['rest.bind-address', '{address}', 'the same for the REST port'],
      ['rest.address', '{address}', 'what a JobManager tells of itself must lead to itself'],
      ['web.tmpdir', '{tmp}', 'a container has a disk of its own, here it has a folder'],
    ],
    // Memory: without the start scripts a TaskManager wants each part given, and this is the size of a laptop.
    taskmanager: [
      ['taskmanager.bind-host', '{address}', 'several TaskManagers share the machine'],
      ['taskmanager.host', '{address}', 'the container name, which the image takes, is no name here'],
      ['taskmanager.cpu.cores', '{slots}', 'computed by the start scripts on ECS'],
      ['taskmanager.memory.task.heap.size', '64m', 'with the framework heap it makes -Xmx'],
      ['taskmanager.memory.framework.heap.size', '128m', 'with the task heap it makes -Xmx'],
      ['taskmanager.memory.task.off-heap.size', '0m', 'none, as by default'],
      ['taskmanager.memory.framework.off-heap.size', '64m', 'part of the direct memory'],
      ['taskmanager.memory.network.min', '64m', 'part of the direct memory: 2,048 buffers'],
      ['taskmanager.memory.network.max', '64m', 'min and max must be equal without the scripts'],
      ['taskmanager.memory.managed.size', '64m', 'state backends and sorting need little here'],
      ['taskmanager.memory.jvm-metaspace.size', '256m', 'as the JVM option below'],
      ['taskmanager.memory.jvm-overhead.min', '64m', 'asked for without the scripts'],
      ['taskmanager.memory.jvm-overhead.max', '64m', 'min and max must be equal without the scripts'],
    ],
    both: [
      ['io.tmp.dirs', '{tmp}', 'own folder, removed with the task'],
      ['blob.storage.directory', '{tmp}', 'own folder, removed with the task'],
      ['s3.endpoint', '{aws}', 'S3 is the emulator'],
      ['s3.endpoint.region', '{region}', 'the name of the emulator tells no region'],
      ['s3.path.style.access', 'true', 'a bucket of the emulator has no host name of its own'],
      ['cluster.registration.error-delay', '500 ms', 'a TaskManager that came too early waits 10 s by default'],
    ],
  },
  jvm: {
    jobmanager: [['-Xmx', '256m', 'the image takes 1600m for the whole process']],
    taskmanager: [
      ['-Xmx', '192m', 'the image takes 1728m for the whole process'],
      ['-XX:MaxDirectMemorySize=', '136m', 'network, framework off-heap and a little for the JVM'],
    ],
    both: [
      ['-XX:MaxMetaspaceSize=', '256m', 'as the image has it'],
      ['-XX:+UseSerialGC', '', 'few cores, small heaps'],
      ['-XX:TieredStopAtLevel=', '1', 'a short life: to start fast is worth more than to run fast'],
      ['-Djava.io.tmpdir=', '{tmp}', 'own folder, removed with the task'],
      ['-Djdk.net.hosts.file=', '{hosts}', 'discovery names, and the own localhost; no other name resolves'],
      ['-Dsun.net.inetaddr.ttl=', '1', 'a JVM keeps an address for 30 s: this world moves faster'],
      ['-Djava.security.properties=', 'file:{conf}/security.properties', 'the same for names not found (10 s)'],
      ['-Dlog4j.configurationFile=', 'file:{conf}/log4j-console.properties', 'to the console, which is kept as a log'],
    ],
  },
  environment: {
    jobmanager: [],
    taskmanager: [],
    both: [
      ['LC_ALL', 'C.UTF-8', 'the image is UTF-8 by another name: else a JVM below a folder named Größe cannot start'],
    ],
  },
};

/** By what is set and for whom: name, value (with the placeholders of Place), reason. */
type Overrides = Readonly<Record<OverrideKind, Readonly<Record<FlinkRole | 'both', readonly Row[]>>>>;
type Row = readonly [name: string, value: string, because: string];

/** Configuration keys, JVM options or environment variables. */
export type OverrideKind = 'config' | 'jvm' | 'environment';

export type FlinkRole = 'jobmanager' | 'taskmanager';

/** What the placeholders stand for. */
export type Place = Readonly<Record<'address' | 'slots' | 'tmp' | 'conf' | 'hosts' | 'aws' | 'region', string>>;

/** The overrides of one kind that apply to a role, as name and value. */
export const overridesFor = (kind: OverrideKind, role: FlinkRole, place: Place): [string, string][] => {
  const values: Readonly<Record<string, string>> = place;
  const fill = (value: string) => value.replaceAll(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  return [...overrides[kind][role], ...overrides[kind].both].map(([name, value]) => [name, fill(value)]);
};
