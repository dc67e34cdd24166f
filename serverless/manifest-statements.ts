import type { ClusterSpec, Manifest } from '../lib/core/model.ts';

/** A statement of an IAM policy. */
export type Statement = {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, unknown>>;
};

/** What the manifest makes necessary: looking at its ECS clusters and reading its jars, nothing else. One statement never fills a policy. */
export const statementsOf = ({ clusters }: Manifest): Statement[] => {
  const jars = distinct(clusters.flatMap((cluster) => cluster.jobs.map((job) => job.jar.slice('s3://'.length))));
  const buckets = distinct(jars.map((jar) => jar.slice(0, jar.indexOf('/'))));
  return [
    ...distinct(clusters.map((cluster) => cluster.ecsCluster)).flatMap(clusterStatements),
    ...jars.map((jar) => ({
      Effect: 'Allow' as const,
      Action: ['s3:GetObject', 's3:GetObjectVersion'],
      Resource: s3(jar),
    })),
    // Without it S3 answers 403 for a jar that is not there, which would read as a missing permission.
    ...buckets.map((bucket) => ({ Effect: 'Allow' as const, Action: ['s3:ListBucket'], Resource: s3(bucket) })),
  ];
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

const ecs = (resource: string): object => sub(`ecs:\${AWS::Region}:\${AWS::AccountId}:${resource}`);

const s3 = (resource: string): object => sub(`s3:::${resource}`);

const sub = (resource: string): object => ({ 'Fn::Sub': `arn:\${AWS::Partition}:${resource}` });

const distinct = (values: readonly string[]): string[] => [...new Set(values)];
