/** What the manifest says: clusters, how they are reached, and the jobs that belong on them. Nothing here is a secret: secrets are references. */

/** run: everything · watch: health and alerts, no effects · dry-run: decides and says what it would do, no effects. */
export type Mode = 'run' | 'watch' | 'dry-run';

/** A text in which `${ssm:/path}` and `${secret:name#key}` stand for values that are read when they are needed. */
export type SecretText = string;

/** How Flink's REST is spoken to. Absent: plain HTTP without authentication. */
export type Access = {
  /** HTTPS; `serverName` is the name in the certificate, `ca` a PEM of the authorities to trust instead of the public ones. */
  readonly tls?: { readonly serverName?: string; readonly ca?: SecretText };
  readonly auth?:
    | { readonly kind: 'basic'; readonly username: SecretText; readonly password: SecretText }
    | { readonly kind: 'bearer'; readonly token: SecretText }
    /** A client certificate and its key, as PEM. */
    | { readonly kind: 'mutual'; readonly certificate: SecretText; readonly key: SecretText };
};

/** Where a cluster lives and which jobs belong on it (one entry of `clusters` in flink-jobs.yml): ECS services, or one `url`. */
export type ClusterSpec = Access & {
  readonly name: string;
  /** The name of the ECS cluster; empty for a cluster by `url`. */
  readonly ecsCluster: string;
  readonly jobManagers: readonly string[];
  readonly taskManagers: readonly string[];
  /** A JobManager that is no ECS task: `http(s)://host:port`. */
  readonly url?: string;
  readonly restPort: number;
  /** High availability: where it stands who leads. rest: it cannot be asked, and what the JobManagers list has to do. */
  readonly leader?: LeaderPlace | 'rest';
  /** Where snapshots are, as a directory with one for each Flink job id in it, where Flink's own configuration does not say it. */
  readonly checkpointDir?: string;
  readonly savepointDir?: string;
  /** Absent: run. */
  readonly mode?: Exclude<Mode, 'run'>;
  /** Why it is not run, where the manifest does not say it: `AUTO_SUBMIT_JOB=false`. Shown in log, status and plan. */
  readonly modeBecause?: string;
  /** Least age of a JobManager before anything is submitted to it. */
  readonly submitAfterSeconds?: number;
  readonly jobs: readonly JobSpec[];
};

/** The ZooKeeper (`host:port,…`) in which the JobManagers agree on who leads. */
type LeaderPlace = {
  readonly quorum: string;
  /** `high-availability.zookeeper.path.root` and `high-availability.cluster-id`; absent: Flink's own defaults. */
  readonly root?: string;
  readonly clusterId?: string;
  /** `user:password` of who may read there. */
  readonly digest?: SecretText;
};

/** One job as the manifest wants it. Optional keys stay absent by default, so that a new one changes no `revision`. */
export type JobSpec = {
  readonly name: string;
  /** `s3://bucket/key.jar`, or `image:NAME.jar` for one that is baked into the JobManager's image. */
  readonly jar: string;
  readonly mainClass?: string;
  readonly args: readonly SecretText[];
  readonly parallelism?: number;
  /** Free task slots to wait for; default: `parallelism`, else 1. */
  readonly slots?: number;
  readonly flinkConfiguration: Readonly<Record<string, SecretText>>;
  /** The job's name on Flink. Given, it also says that live jobs of other names are not this one. */
  readonly flinkName?: string;
  /** required: never started empty once it had state · preferred: empty where no snapshot is left · none: never restored. Absent: required. */
  readonly state?: 'required' | 'preferred' | 'none';
  /** One is taken this often beside the job's work (`24h`); of the autopilot's own so many are kept, all where it does not say. */
  readonly savepoints?: { readonly every: string; readonly keep?: number };
  /** delete: what earlier attempts left where checkpoints are goes, once nothing needs it. Absent: it is only told. */
  readonly garbage?: 'delete';
  /** As for the cluster, for this job alone. */
  readonly checkpointDir?: string;
  readonly savepointDir?: string;
  /** So many older snapshots are tried where Flink refuses the newest; absent: `defaults.restoreDepth`. */
  readonly restoreDepth?: number;
  /** What becomes of the files it starts from: absent, they are left alone (NO_CLAIM). */
  readonly claimMode?: 'CLAIM';
  /** State of operators that the job has no more is dropped. */
  readonly allowNonRestoredState?: true;
  /** It ends by itself: gone from the process that ran it counts as finished. */
  readonly bounded?: true;
  /** Jobs of the same cluster that have to run, or to have finished, before this one is submitted. */
  readonly after?: readonly string[];
  /** When slots are short the higher one goes first; absent = 0, equal ones in the manifest's order. */
  readonly priority?: number;
  /** Absent: the cluster's. The stricter of the two counts. */
  readonly mode?: Exclude<Mode, 'run'>;
  /** When its health is told; what is absent is as in `defaults.health`. Durations as `90s`, `15m`, `1h`. */
  readonly health?: {
    readonly restarts?: number;
    readonly restartsWithin?: string;
    readonly checkpointFailures?: number;
    readonly checkpointWithin?: string;
    readonly checkpointAge?: string;
    readonly tasksWithin?: string;
    /** `90%`, or `off`. */
    readonly backPressure?: string;
    readonly backPressureWithin?: string;
    /** Files are finished below this directory while the job reads. */
    readonly output?: { readonly prefix: string; readonly within: string };
    readonly exceptions?: 'tell';
  };
  /** What the autopilot may do for it when it fails or is ill; what is absent is as in `defaults.healing`. */
  readonly healing?: {
    /** Restarts; 0: none. */
    readonly restarts?: number;
    /** From one to the next at least, as `90s`, `15m`, `1h`. */
    readonly distance?: string;
  };
  readonly enabled: boolean;
};

export type Manifest = {
  readonly namespace: string;
  readonly alerts?: AlertsSpec;
  readonly clusters: readonly ClusterSpec[];
};

/** What is said of messages to people. */
export type AlertsSpec = {
  /** The folder of the runbook's pages, `CODE.md` for each code. */
  readonly runbookUrl?: string;
  /** What is open is said again this often: `24h`. Absent: never. */
  readonly remindEvery?: string;
  readonly webhooks?: readonly WebhookSpec[];
};

/** A place that hears of everything, beside the topic. */
export type WebhookSpec = {
  readonly name: string;
  readonly url: SecretText;
  /** What a message is signed with. */
  readonly secret?: SecretText;
  readonly format: 'generic' | 'slack' | 'feishu' | 'dingtalk' | 'wecom';
};

/** A job with what is computed from the configuration once: `lineage` (16 hex) prefixes all its Flink job ids, `revision` hashes its spec. */
export type Job = JobSpec & { readonly lineage: string; readonly revision: string };
export type Cluster = Omit<ClusterSpec, 'jobs'> & { readonly jobs: readonly Job[] };

/** The file name of a jar that is baked into the image; undefined for one that is uploaded. */
export const bakedJar = (jar: string): string | undefined =>
  jar.startsWith('image:') ? jar.slice('image:'.length) : undefined;

/** The stricter of the cluster's and the job's. */
export const modeOf = (cluster: Pick<ClusterSpec, 'mode'>, job: Pick<JobSpec, 'mode'>): Mode =>
  cluster.mode === 'watch' ? 'watch' : (job.mode ?? cluster.mode ?? 'run');
