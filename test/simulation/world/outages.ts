import { Fault } from '../../../lib/core/errors.ts';
import { note } from './notes.ts';
import type { Stage } from './stage.ts';

/** Services of ours that refuse, or do not answer, for a while: each call of a port fails with this meanwhile. */
export const KINDS = {
  ecsDenied: ['ecs', 'rejected', 'ECS_DENIED'],
  ecsAway: ['ecs', 'transient', 'ECS_UNAVAILABLE'],
  jarsDenied: ['jars', 'rejected', 'JAR_DENIED'],
  jarsAway: ['jars', 'transient', 'JARS_UNAVAILABLE'],
  topicDenied: ['alerts', 'rejected', 'ALERTS_DENIED'],
  topicAway: ['alerts', 'transient', 'ALERTS_UNAVAILABLE'],
  storeAway: ['store', 'transient', 'STORE_UNAVAILABLE'],
  flinkDenied: ['flink', 'rejected', 'FLINK_DENIED'],
  flinkBusy: ['flink', 'transient', 'FLINK_BUSY'],
  snapshotsDenied: ['snapshots', 'rejected', 'SNAPSHOTS_DENIED'],
  snapshotsAway: ['snapshots', 'transient', 'SNAPSHOTS_UNAVAILABLE'],
} as const;

export type OutageKind = keyof typeof KINDS;

const kinds = Object.keys(KINDS).filter((kind): kind is OutageKind => kind in KINDS);

/** Those of the buckets of snapshots, and all others. */
export const snapshotKinds = kinds.filter((kind) => KINDS[kind][0] === 'snapshots');
export const otherKinds = kinds.filter((kind) => KINDS[kind][0] !== 'snapshots');

/** One begins, and ends after `forMs`. */
export const breakDown = ({ sim, notes }: Stage, kind: OutageKind, forMs: number): string => {
  const [port, , code] = KINDS[kind];
  const fromMs = sim.time.nowMs();
  note(notes, 'outages', { port, code, fromMs, untilMs: fromMs + forMs });
  return `${code} for ${forMs} ms`;
};

/** A port whose `names` fail while there is an outage of it; in the calm there is none. */
export const withOutages = <P extends object>(
  { sim, notes }: Pick<Stage, 'sim' | 'notes'>,
  port: (typeof KINDS)[OutageKind][0],
  methods: P,
  names: readonly (keyof P)[],
): P => {
  const { outages } = notes.truth;
  const faultNow = (): Fault | undefined => {
    const nowMs = sim.time.nowMs();
    const now = outages.find((each) => each.port === port && each.fromMs <= nowMs && nowMs < each.untilMs);
    const kind = now === undefined ? undefined : Object.values(KINDS).find(([, , code]) => code === now.code);
    return kind && new Fault(kind[1], kind[2], `${port}: ${kind[2]}`);
  };
  const failing = names.map((name) => {
    const method = methods[name];
    if (typeof method !== 'function') throw new Error(`${String(name)} is no method`);
    const orFails = (...args: readonly unknown[]): unknown => {
      if (outages.length === 0 || sim.phase === 'calm') return method(...args);
      const fault = faultNow();
      return fault === undefined ? method(...args) : Promise.reject(fault);
    };
    return [name, orFails] as const;
  });
  return { ...methods, ...Object.fromEntries(failing) };
};
