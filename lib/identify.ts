import type { Cluster, JobSpec, Manifest } from './core/model.ts';

/**
 * The manifest's clusters with what is computed from them once: the lineage of each job (8 bytes of
 * SHA-256(`namespace|cluster|name`), so that two stages never share one) and the revision of its spec.
 */
export const identify = (manifest: Manifest, sha256Hex: (text: string) => string): readonly Cluster[] =>
  manifest.clusters.map((cluster) => ({
    ...cluster,
    jobs: cluster.jobs.map((job) => ({
      ...job,
      lineage: sha256Hex(`${manifest.namespace}|${cluster.name}|${job.name}`).slice(0, 16),
      revision: sha256Hex(canonical(job)).slice(0, 16),
    })),
  }));

/** Whether, when and before whom it runs, how it is recognised and watched over, and what is kept of it, is not a new spec, and the order of keys means nothing. */
const canonical = ({
  enabled: _enabled,
  flinkName: _flinkName,
  mode: _mode,
  priority: _priority,
  after: _after,
  savepoints: _savepoints,
  garbage: _garbage,
  health: _health,
  healing: _healing,
  ...spec
}: JobSpec): string =>
  JSON.stringify(
    Object.entries({ ...spec, flinkConfiguration: Object.entries(spec.flinkConfiguration).sort() }).sort(),
  );
