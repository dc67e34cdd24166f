import { defaults } from './core/defaults.ts';
import { asFault } from './core/errors.ts';
import type { Cluster, Effect, Incarnation, JobMemory } from './core/model.ts';
import { bakedJar } from './core/spec.ts';
import { isUpload, uploadKey } from './core/uploads.ts';
import { endpointOf, type Ports } from './ports.ts';

/**
 * The jars of one pass. Jobs that share one upload it once; it is removed after the last of them has ended its call, and
 * kept while an attempt of this pass or an earlier one may still need it. A baked jar is neither uploaded nor removed.
 */
export const jarsOfPass = (
  ports: Ports,
  cluster: Cluster,
  effects: readonly Effect[],
  memories: Readonly<Record<string, JobMemory>>,
): PassJars => {
  const uses = usesOf(effects);
  const useOf = (effect: JarEffect): Use | undefined => uses.get(keyOf(effect) ?? '');
  return {
    bring: (effect, deadlineMs) => {
      const use = useOf(effect);
      if (use === undefined) return Promise.resolve(bakedJar(effect.attempt.spec.jar) ?? '');
      use.jarId ??= ports.flink.upload(endpointOf(cluster, effect.post.to), jarOf(effect), deadlineMs);
      return use.jarId;
    },
    leave: async (effect, keep) => {
      const use = useOf(effect);
      if (use === undefined) return false;
      use.under.delete(effect.job);
      use.kept ||= keep;
      if (use.under.size > 0 || use.kept) return false;
      const to = placeOf(effect);
      const jarId = await use.jarId?.catch(() => undefined);
      if (jarId === undefined || isHeld(memories, use.jobs, to, jarId)) return false;
      return remove(ports, cluster, to, jarId);
    },
  };
};

export type PassJars = {
  /** The id under which Flink runs the effect's jar, uploaded if need be. Throws the faults of an upload. */
  bring(effect: Run, deadlineMs: number): Promise<string>;
  /** The effect does not use its jar any more, unless `keep`; gives whether it was the last one, and the jar is removed. Never throws. */
  leave(effect: JarEffect, keep: boolean): Promise<boolean>;
};

export type Run = Extract<Effect, { kind: 'run' }>;
type JarEffect = Run | Extract<Effect, { kind: 'delete-jar' }>;

/** One jar on the JobManager: whose it is in this pass, and who of these has not left it yet. */
type Use = { readonly jobs: readonly string[]; readonly under: Set<string>; kept: boolean; jarId?: Promise<string> };

const usesOf = (effects: readonly Effect[]): ReadonlyMap<string, Use> => {
  const byKey = Map.groupBy(
    effects.filter((effect) => effect.kind === 'run' || effect.kind === 'delete-jar'),
    (effect) => keyOf(effect) ?? '',
  );
  return new Map(
    [...byKey].flatMap(([key, sharing]) => {
      const jobs = sharing.map(({ job }) => job);
      const left = sharing[0]?.jarId;
      const use: Use = { jobs, under: new Set(jobs), kept: false };
      return key === '' ? [] : [[key, left === undefined ? use : { ...use, jarId: Promise.resolve(left) }]];
    }),
  );
};

/** undefined: a baked jar, which is everybody's. */
const keyOf = (effect: JarEffect): string | undefined => {
  if (effect.kind === 'run' && isUpload(effect)) return uploadKey(effect);
  return effect.jarId === undefined ? undefined : `${placeOf(effect).process} ${effect.jarId}`;
};

const placeOf = (effect: JarEffect): Incarnation => (effect.kind === 'run' ? effect.post.to : effect.to);

/** A POST of another job, whose outcome was unknown, was made with it. */
const isHeld = (
  memories: Readonly<Record<string, JobMemory>>,
  jobs: readonly string[],
  { process }: Incarnation,
  jarId: string,
): boolean =>
  Object.entries(memories)
    .filter(([job]) => !jobs.includes(job))
    .flatMap(([, { attempts }]) => attempts.flatMap(({ posts }) => posts))
    .some((post) => post.jarId === jarId && post.to.process === process);

const jarOf = ({ attempt }: Run) => ({
  uri: attempt.spec.jar,
  version: attempt.jarVersion,
  sizeBytes: attempt.jarSizeBytes,
});

/** Tidying up; what is left goes with the JobManager. */
const remove = async (
  { flink, clock, log }: Ports,
  cluster: Cluster,
  to: Incarnation,
  jarId: string,
): Promise<boolean> => {
  try {
    await flink.deleteJar(endpointOf(cluster, to), jarId, clock.nowMs() + defaults.lookMs);
    return true;
  } catch (thrown) {
    log.info('jar not removed', { cluster: cluster.name, jarId, because: asFault(thrown).message });
    return false;
  }
};
