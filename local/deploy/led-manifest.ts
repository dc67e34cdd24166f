import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { World } from '../world.ts';
import { PROJECT } from './deploy.ts';
import { CLUSTER, type HighAvailability } from './deployments.ts';

/** Writes the checkout's manifest with this `leader` for the example's cluster into the world; gives its path. */
export const writeLedManifest = ({ dir }: World, { leader }: HighAvailability): string => {
  const document = parseDocument(readFileSync(join(PROJECT, 'flink-jobs.yml'), 'utf8'));
  const { clusters } = document.toJS() as { clusters: readonly { ecsCluster?: string }[] };
  clusters.forEach(({ ecsCluster }, index) => {
    if (ecsCluster === CLUSTER) document.setIn(['clusters', index, 'leader'], leader);
  });
  const file = join(dir, 'flink-jobs.yml');
  writeFileSync(file, document.toString());
  return file;
};
