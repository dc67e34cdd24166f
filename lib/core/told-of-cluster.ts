import { defaults } from './defaults.ts';
import type { Told } from './state/told-of-state.ts';

/** The codes that speak of a cluster as a whole: nothing can be done for its jobs until they are over. */
export const toldOfCluster = {
  ECS_UNSEEN: {
    severity: 'critical',
    graceMs: defaults.viewLostMs,
    next: 'Nothing is submitted or stopped until ECS answers; running jobs are not touched.',
    fix: "Check the role's ecs: permissions, the cluster's and the services' names in the manifest, and the region.",
  },
  CLUSTER_NOT_READY: {
    severity: 'critical',
    graceMs: defaults.readyWithinMs,
    next: 'It is looked at each minute; the jobs start as soon as it is ready.',
    fix: "Look at the JobManager's log and the service's events in ECS; if Flink is up, at `restPort` in the manifest and at the security groups.",
  },
  CLUSTER_UNSEEN: {
    severity: 'critical',
    graceMs: defaults.viewLostMs,
    next: 'Nothing is submitted while the JobManager cannot be seen; its jobs are left alone.',
    fix: "Check the network between the functions and the JobManager (security groups, REST port) and the JobManager's log.",
  },
  FLINK_ACCESS: {
    severity: 'critical',
    graceMs: defaults.viewLostMs,
    next: 'It is asked once a minute, so that no account is locked; nothing is submitted, running jobs are left alone.',
    fix: "Correct `auth`, `tls` or the reference to the secret in the cluster's entry of the manifest and deploy (which also lets the functions read it: `ssm:GetParameter`, `secretsmanager:GetSecretValue`, and `kms:Decrypt` for a key of your own), or correct the secret's value.",
  },
  TWO_JOBMANAGERS: {
    severity: 'critical',
    graceMs: defaults.readyWithinMs,
    next: 'Nothing is submitted until one JobManager is left.',
    fix: 'Run one JobManager without high availability: desiredCount 1, minimumHealthyPercent 0, maximumPercent 100.',
  },
  HA_UNSUPPORTED: {
    severity: 'critical',
    graceMs: 0,
    next: 'Nothing is submitted to this cluster; live jobs are left alone.',
    fix: "Give the cluster's ZooKeeper in the manifest, as its own configuration has it (`leader: {quorum, root, clusterId}`, or `leader: rest` where the functions cannot reach it), and deploy; or remove `high-availability.type` from the cluster, or the cluster from the manifest.",
  },
  LEADER_UNKNOWN: {
    severity: 'critical',
    graceMs: defaults.leaderWithinMs,
    next: 'Nothing is submitted or stopped until it is known who leads; Flink brings its jobs back by itself meanwhile.',
    fix: "If no JobManager task runs, look at the service's events and the stop reason in ECS, and leave ZooKeeper alone. Else look at ZooKeeper and at the JobManagers' logs; check the network between the functions and ZooKeeper (port 2181), and `leader` in the manifest. JobManagers that end at each start with exit code 239 cannot recover a job: give the one that their log names back what it lacks, or delete its node alone below `jobgraphs` (`execution-plans` since Flink 2.0) in ZooKeeper and then `npx flink-autopilot release CLUSTER/JOB`, which starts it from its newest snapshot.",
  },
  MANY_JOBS_ILL: {
    severity: 'critical',
    graceMs: defaults.tasksWithinMs,
    next: 'None of them is ended for it; jobs that are lost, or failed, are started as ever. It is over by itself when fewer look ill.',
    fix: 'Look at what they share: TaskManagers and free slots, the place of their checkpoints, a broker or a database, the network.',
  },
  SUBMISSION_DISABLED: {
    severity: 'critical',
    graceMs: 0,
    next: 'It is looked at each minute.',
    fix: 'Set `web.submit.enable: true` in the cluster, or `mode: watch` in the manifest and deploy.',
  },
  FLINK_TOO_OLD: {
    severity: 'critical',
    graceMs: 0,
    next: 'Nothing is submitted to this cluster.',
    fix: 'Run Flink 1.18 or newer, or remove the cluster from the manifest and deploy.',
  },
} as const satisfies Record<string, Told>;
