import type { FaultKind } from '../../lib/core/errors.ts';

/** What the docs of `lib/ports.ts` say of a method, as far as faults go. */
export type PortCall = {
  /** It changes something: without an answer nobody knows whether it did. */
  readonly isEffect?: true;
  /** What else it may throw, done or not: of `transient` and `rejected` surely nothing was done. */
  readonly errors: readonly (readonly [FaultKind, string])[];
  /** What its caller is told when no answer came. */
  readonly silence: readonly [FaultKind, string];
  /** The real thing may answer with what was so long ago. */
  readonly staleMaxMs?: number;
};

const ecsLook: PortCall = {
  errors: [
    ['transient', 'ECS_UNAVAILABLE'],
    ['rejected', 'ECS_DENIED'],
    ['rejected', 'ECS_CLUSTER_MISSING'],
    ['rejected', 'ECS_SERVICE_MISSING'],
    ['invalid', 'ECS_UNREADABLE'],
  ],
  silence: ['transient', 'ECS_UNAVAILABLE'],
  staleMaxMs: 5_000,
};

const flinkErrors = [
  ['transient', 'FLINK_UNREACHABLE'],
  ['transient', 'FLINK_UNAVAILABLE'],
  ['rejected', 'FLINK_DENIED'],
  ['rejected', 'FLINK_TLS'],
  ['rejected', 'SECRET_MISSING'],
  ['rejected', 'SECRET_DENIED'],
  ['rejected', 'FLINK_REFUSED'],
  ['invalid', 'FLINK_UNREADABLE'],
] as const;
const flinkLook: PortCall = { errors: flinkErrors, silence: ['transient', 'FLINK_UNREACHABLE'] };

const snapshotsErrors = [
  ['transient', 'SNAPSHOTS_UNAVAILABLE'],
  ['rejected', 'SNAPSHOTS_DENIED'],
] as const;
const snapshotsLook: PortCall = { errors: snapshotsErrors, silence: ['transient', 'SNAPSHOTS_UNAVAILABLE'] };

const storeErrors = [
  ['transient', 'STORE_UNAVAILABLE'],
  ['rejected', 'STORE_DENIED'],
] as const;
const storeLook: PortCall = { errors: storeErrors, silence: ['transient', 'STORE_UNAVAILABLE'] };
const storeWrite: PortCall = { isEffect: true, errors: storeErrors, silence: ['unknown-outcome', 'STORE_UNAVAILABLE'] };

/** By `port.method`. */
export const portCalls: Readonly<Record<string, PortCall>> = {
  'ecs.look': ecsLook,
  'ecs.taskManagers': ecsLook,
  'leaders.look': {
    errors: [
      ['transient', 'LEADER_UNREACHABLE'],
      ['transient', 'LEADER_CHANGED'],
      ['rejected', 'LEADER_DENIED'],
      ['invalid', 'LEADER_UNPARSABLE'],
    ],
    silence: ['transient', 'LEADER_UNREACHABLE'],
  },
  'flink.identity': flinkLook,
  'flink.jobs': flinkLook,
  'flink.slots': flinkLook,
  'flink.jobState': { ...flinkLook, staleMaxMs: 3_000 },
  'flink.restarts': flinkLook,
  'flink.lastException': { ...flinkLook, errors: [...flinkErrors, ['rejected', 'JOB_UNKNOWN']], staleMaxMs: 3_000 },
  'flink.flow': { ...flinkLook, errors: [...flinkErrors, ['rejected', 'JOB_UNKNOWN']], staleMaxMs: 3_000 },
  'flink.upload': {
    isEffect: true,
    errors: [...flinkErrors, ['rejected', 'JAR_DENIED'], ['transient', 'JARS_UNAVAILABLE']],
    silence: ['transient', 'FLINK_UNREACHABLE'],
  },
  'flink.run': {
    isEffect: true,
    errors: [
      ['transient', 'FLINK_UNREACHABLE'],
      ['transient', 'LEADER_ELECTION'],
      ['unknown-outcome', 'RUN_UNCLEAR'],
      ['rejected', 'FLINK_DENIED'],
      ['rejected', 'SECRET_DENIED'],
    ],
    silence: ['unknown-outcome', 'RUN_UNANSWERED'],
  },
  'flink.cancel': { isEffect: true, errors: flinkErrors, silence: ['unknown-outcome', 'FLINK_UNREACHABLE'] },
  'flink.deleteJar': { isEffect: true, errors: flinkErrors, silence: ['unknown-outcome', 'FLINK_UNREACHABLE'] },
  'flink.dispose': { isEffect: true, errors: flinkErrors, silence: ['unknown-outcome', 'FLINK_UNREACHABLE'] },
  'flink.checkpoints': { ...flinkLook, staleMaxMs: 3_000 },
  'flink.checkpointConfig': { ...flinkLook, staleMaxMs: 3_000 },
  'flink.savepoint': {
    isEffect: true,
    errors: [...flinkErrors, ['unknown-outcome', 'SAVEPOINT_UNCLEAR']],
    silence: ['unknown-outcome', 'FLINK_UNREACHABLE'],
  },
  'flink.savepointStatus': flinkLook,
  'snapshots.children': { ...snapshotsLook, errors: [...snapshotsErrors, ['invalid', 'SNAPSHOTS_TOO_MANY']] },
  // What is in a file the world tells.
  'snapshots.metadata': snapshotsLook,
  'snapshots.expiry': snapshotsLook,
  'snapshots.size': snapshotsLook,
  'snapshots.remove': { ...snapshotsLook, isEffect: true, silence: ['unknown-outcome', 'SNAPSHOTS_UNAVAILABLE'] },
  'jars.look': {
    errors: [
      ['transient', 'JARS_UNAVAILABLE'],
      ['rejected', 'JAR_DENIED'],
      ['invalid', 'JARS_UNREADABLE'],
    ],
    silence: ['transient', 'JARS_UNAVAILABLE'],
  },
  'secrets.resolve': {
    errors: [
      ['transient', 'SECRETS_UNAVAILABLE'],
      ['rejected', 'SECRET_MISSING'],
      ['rejected', 'SECRET_DENIED'],
    ],
    silence: ['transient', 'SECRETS_UNAVAILABLE'],
  },
  'store.acquire': storeWrite,
  'store.ring': storeWrite,
  'store.holder': storeLook,
  'store.load': { ...storeLook, errors: [...storeErrors, ['invalid', 'SCHEMA_NEWER']] },
  'store.commit': storeWrite,
  'store.order': storeWrite,
  'store.history': storeLook,
  'store.release': storeWrite,
  'store.clusters': storeLook,
  'store.addCluster': storeWrite,
  'store.forgetCluster': storeWrite,
  'webhook.publish': {
    isEffect: true,
    errors: [
      ['transient', 'WEBHOOK_UNAVAILABLE'],
      ['rejected', 'WEBHOOK_REFUSED'],
    ],
    silence: ['unknown-outcome', 'WEBHOOK_UNANSWERED'],
  },
  'alerts.publish': {
    isEffect: true,
    errors: [
      ['transient', 'ALERTS_UNAVAILABLE'],
      ['rejected', 'ALERTS_DENIED'],
      ['rejected', 'ALERTS_TOPIC_MISSING'],
    ],
    silence: ['unknown-outcome', 'ALERTS_UNAVAILABLE'],
  },
};
