import { asFault } from '../core/errors.ts';
import type { Cluster, Job, Reason, Seen } from '../core/model.ts';
import { modeOf as stricter } from '../core/spec.ts';
import { type Look, look } from '../look.ts';
import type { Ports } from '../ports.ts';
import type { ClusterView, ModeSeen } from './answers.ts';

/** One look at a cluster for somebody who only wants to know; undefined memory becomes a reason. */
export const tryLook = async (ports: Ports, cluster: Cluster, untilMs: number): Promise<Seen<Look>> => {
  try {
    return { known: true, value: await look(ports, { cluster, outcomes: [], untilMs }) };
  } catch (thrown) {
    return { known: false, because: reasonOf(thrown) };
  }
};

/** A thrown fault as a person is told of it. */
export const reasonOf = (thrown: unknown): Reason => {
  const { code, message } = asFault(thrown);
  return { code, text: message };
};

/** The head of a cluster in every answer. */
export const viewOf = (cluster: Cluster, seen: Seen<Look>): ClusterView => {
  const head = { cluster: cluster.name, mode: modeOf(cluster) };
  if (!seen.known) return { ...head, rung: 'unknown', because: textOf(seen.because) };
  const { readiness, pause: now } = seen.value;
  const pause = now === undefined ? {} : { pause: now };
  if (readiness.ready) return { ...head, rung: 'ready', because: readiness.view.incarnation.address, ...pause };
  return { ...head, rung: readiness.rung, because: readiness.text, ...pause };
};

export const textOf = ({ code, text }: Reason): string => `${code}: ${text}`;

/** The cluster's mode, or a job's, with who set it. */
export const modeOf = (cluster: Cluster, job: Pick<Job, 'mode'> = {}): ModeSeen => {
  const mode = stricter(cluster, job);
  if (mode === 'run') return { mode };
  const ofCluster = cluster.modeBecause ?? 'of the cluster in the manifest';
  return { mode, because: mode === cluster.mode ? ofCluster : 'of the job in the manifest' };
};
