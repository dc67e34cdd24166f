import type { Cluster, ClusterMemory, FlinkView, JarSeen, Job, Observation, Seen } from './model.ts';
import { memoryOf } from './remember.ts';
import { bakedJar } from './spec.ts';

/** The jars to look for: of the manifest, and of the record that a job is started from when it is lost. Baked ones are in the image. */
export const jarsWanted = ({ jobs }: Cluster, memory: ClusterMemory): readonly string[] => {
  const uris = new Set<string>();
  for (const { name, jar, enabled } of jobs) {
    if (!enabled) continue;
    uris.add(jar);
    const last = memoryOf(memory, name).attempts.at(-1);
    if (last !== undefined) uris.add(last.spec.jar);
  }
  return [...uris].filter((uri) => bakedJar(uri) === undefined);
};

/** A baked jar is always there, and another one with each task definition. */
export const jarOf = (
  { jar }: Job,
  view: FlinkView,
  { observation }: { readonly observation: Observation },
): Seen<JarSeen> | undefined =>
  bakedJar(jar) === undefined
    ? observation.jars[jar]
    : { known: true, value: { present: true, version: `image ${taskDefinitionOf(view, observation)}`, sizeBytes: 0 } };

/** The task definition of the task that a JobManager process runs in. */
export const taskDefinitionOf = ({ incarnation }: FlinkView, { ecs }: Observation): string => {
  const task = ecs.known ? ecs.value.tasks.find(({ taskArn }) => taskArn === incarnation.taskArn) : undefined;
  return task?.taskDefinitionArn ?? 'unknown';
};
