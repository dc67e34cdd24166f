import { asFault } from '../core/errors.ts';
import type { Cluster, Job, Reason, Seen } from '../core/model.ts';
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
  const { readiness, memory } = seen.value;
  const pause = memory.pause === undefined ? {} : { pause: memory.pause };
  if (readiness.ready) return { ...head, rung: 'ready', because: readiness.view.incarnation.address, ...pause };
  return { ...head, rung: readiness.rung, because: readiness.text, ...pause };
};

export const textOf = ({ code, text }: Reason): string => `${code}: ${text}`;

/** The stricter of the cluster's and the job's: `watch` does not even say what it would do. */
export const modeOf = ({ mode, modeBecause }: Cluster, job?: Job): ModeSeen => {
  const wanted = [
    { mode, because: modeBecause ?? 'of the cluster in the manifest' },
    { mode: job?.mode, because: 'of the job in the manifest' },
  ];
  for (const strict of ['watch', 'dry-run'] as const) {
    const found = wanted.find((each) => each.mode === strict);
    if (found !== undefined) return { mode: strict, because: found.because };
  }
  return { mode: 'run' };
};
