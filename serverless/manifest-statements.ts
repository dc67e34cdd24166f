import type { ClusterSpec, JobSpec, Manifest } from '../lib/core/model.ts';
import { bakedJar } from '../lib/core/spec.ts';
import { checkpointDirsOf, normalPath, savepointDirsOf } from '../lib/core/state/snapshot-places.ts';
import { secretReferences } from './secret-references.ts';

/** A statement of an IAM policy. */
export type Statement = {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, unknown>>;
};

/**
 * What the manifest makes necessary: looking at its ECS clusters, reading the jars and secrets of the jobs it wants, finding and reading
 * their snapshots, removing checkpoints of jobs with `garbage: delete`, nothing else. One statement never fills a policy.
 */
export const statementsOf = (manifest: Manifest): Statement[] => {
  // A cluster by `url` is not on ECS, and a jar that is baked into the image is not on S3.
  const ecsClusters = distinct(manifest.clusters.filter(({ url }) => url === undefined).map((c) => c.ecsCluster));
  return [...ecsClusters.flatMap(clusterStatements), ...bucketStatements(manifest), ...secretStatements(manifest)];
};

const clusterStatements = (ecsCluster: ClusterSpec['ecsCluster']): Statement[] => [
  {
    Effect: 'Allow',
    Action: ['ecs:DescribeTasks', 'ecs:DescribeServices'],
    Resource: [ecs(`task/${ecsCluster}/*`), ecs(`service/${ecsCluster}/*`)],
  },
  {
    Effect: 'Allow',
    // ListTasks knows container instances only as its resource, and tasks on Fargate have none: the condition names the cluster.
    Action: ['ecs:ListTasks'],
    Resource: '*',
    Condition: { ArnEquals: { 'ecs:cluster': ecs(`cluster/${ecsCluster}`) } },
  },
];

const bucketStatements = ({ clusters }: Manifest): Statement[] => {
  const uris = clusters.flatMap(({ jobs }) => jobs.filter(({ enabled }) => enabled).map(({ jar }) => jar));
  const jars = distinct(uris.filter((uri) => bakedJar(uri) === undefined).map((uri) => uri.slice('s3://'.length)));
  const directories = snapshotDirectories(clusters, (places) => [
    ...checkpointDirsOf(places),
    ...savepointDirsOf(places),
  ]);
  // Savepoints are given up by Flink, with its own permissions.
  const cleaned = snapshotDirectories(clusters, (places) =>
    places.job.garbage === 'delete' ? checkpointDirsOf(places) : [],
  );
  const outputs = outputDirectories(clusters);
  const buckets = distinct([...jars, ...directories, ...outputs].map((path) => path.split('/')[0] ?? ''));
  return [
    ...jars.map((jar) => allow(['s3:GetObject', 's3:GetObjectVersion'], s3(jar))),
    ...directories.map((directory) => allow(['s3:GetObject'], s3(`${directory}/*`))),
    ...cleaned.map((directory) => allow(['s3:DeleteObject'], s3(`${directory}/*`))),
    // Snapshots and output are found by it. Without it S3 answers 403 for a jar that is not there, which would read as a missing permission.
    ...buckets.map((bucket) => allow(['s3:ListBucket'], s3(bucket))),
    // Snapshots that a rule of the bucket deletes are told of before they are missed.
    ...distinct(directories.map((path) => path.split('/')[0] ?? '')).map((bucket) =>
      allow(['s3:GetLifecycleConfiguration'], s3(bucket)),
    ),
    ...(directories.length === 0 ? [] : [decryptBy(['s3'])]),
  ];
};

type Sayings = Parameters<typeof checkpointDirsOf>[0] & { readonly job: JobSpec };

/** `bucket/path` of each such directory of the jobs that are wanted; one that lies in another one is part of it. */
const snapshotDirectories = (
  clusters: Manifest['clusters'],
  dirsOf: (sayings: Sayings) => readonly string[],
): readonly string[] => {
  const named = clusters.flatMap((cluster) =>
    cluster.jobs
      .filter(({ enabled }) => enabled)
      .flatMap((job) => dirsOf({ cluster, job, attempts: [], storage: undefined }))
      .map(normalPath),
  );
  // A wildcard or a variable in Flink's own key would be one in the permission.
  const paths = distinct(named.flatMap((dir) => (/^s3:\/\/[^*?$]+$/.test(dir) ? [dir.slice('s3://'.length)] : [])));
  return paths.filter((path) => !paths.some((other) => path.startsWith(`${other}/`)));
};

/** `bucket/path` of the output that is watched: it is only listed. */
const outputDirectories = (clusters: Manifest['clusters']): readonly string[] =>
  clusters
    .flatMap(({ jobs }) => jobs.filter(({ enabled }) => enabled))
    .flatMap(({ health }) => (health?.output === undefined ? [] : [normalPath(health.output.prefix)]))
    .flatMap((dir) => (dir.startsWith('s3://') ? [dir.slice('s3://'.length)] : []));

const secretStatements = (manifest: Manifest): Statement[] => {
  const { parameters, secrets } = secretReferences(manifest);
  const services = [...(parameters.length > 0 ? ['ssm'] : []), ...(secrets.length > 0 ? ['secretsmanager'] : [])];
  return [
    ...parameters.map((name) => allow(['ssm:GetParameter'], here('ssm', `parameter/${name.replace(/^\//, '')}`))),
    ...secrets.map((name) => allow(['secretsmanager:GetSecretValue'], secretArn(name))),
    ...(services.length === 0 ? [] : [decryptBy(services)]),
  ];
};

/** A value may be encrypted with any key of this account: its key is used through the service that keeps the value, never by itself. */
const decryptBy = (services: readonly string[]): Statement => ({
  ...allow(['kms:Decrypt'], here('kms', 'key/*')),
  Condition: {
    StringEquals: {
      'kms:ViaService': services.map((service) => ({
        'Fn::Sub': `${service}.\${AWS::Region}.\${AWS::URLSuffix}`,
      })),
    },
  },
});

/** Six random characters end the ARN of each secret; a question mark is one of them. */
const secretArn = (name: string): unknown =>
  name.startsWith('arn:') ? name : here('secretsmanager', `secret:${name}-??????`);

const allow = (Action: readonly string[], Resource: unknown): Statement => ({ Effect: 'Allow', Action, Resource });

const ecs = (resource: string): object => here('ecs', resource);

const s3 = (resource: string): object => sub(`s3:::${resource}`);

/** A resource of a service in this region and account. */
const here = (service: string, resource: string): object =>
  sub(`${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`);

const sub = (resource: string): object => ({ 'Fn::Sub': `arn:\${AWS::Partition}:${resource}` });

const distinct = (values: readonly string[]): string[] => [...new Set(values)];
