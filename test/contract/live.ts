import type { Cluster } from '../../lib/core/model.ts';
import { alertsCases, snsTarget } from './suites/alerts.ts';
import type { AwsPlace } from './suites/aws-live.ts';
import { type BoundCase, bind } from './suites/case.ts';
import { type DrainTarget, drainCases, ecsCases, ecsTarget } from './suites/ecs.ts';
import { flinkSuites } from './suites/flink/suites.ts';
import { flinkTarget } from './suites/flink/target.ts';
import { jarsCases, s3Target } from './suites/jars.ts';
import { secretsCases, secretsTarget } from './suites/secrets.ts';
import { s3SnapshotsCases, s3SnapshotsTarget } from './suites/snapshots-live.ts';
import { commitCases } from './suites/store/commit.ts';
import { leaseCases } from './suites/store/lease.ts';
import { dynamoCases, dynamoTarget } from './suites/store/live.ts';
import { nameCases } from './suites/store/names.ts';
import { orderCases } from './suites/store/orders.ts';

/** The real things that the suites are run against. */
export type LivePlaces = {
  /** DynamoDB, S3, SNS and SQS, SSM, Secrets Manager. */
  readonly aws: AwsPlace;
  /** Amazon's own DynamoDB engine. */
  readonly dynamoEngine: AwsPlace;
  /** Where ECS answers, and a cluster whose JobManager services run. */
  readonly ecs: { readonly place: AwsPlace; readonly cluster: Cluster; readonly drain: DrainTarget['drain'] };
  /** Base URL of a JobManager with at least one free slot, which is left as it was found except for ended jobs. */
  readonly flinkUrl: string;
  /** Its version. */
  readonly flinkVersion: string;
  /** A folder of this machine that Flink writes to. */
  readonly state: string;
  /** Ends that JobManager; gives the base URL of the one that takes its place. */
  readonly restartFlink: () => Promise<string>;
};

/** Every contract suite on the real thing, for any test runner: run them in this order, one at a time, then `close`. */
export const liveContract = async (places: LivePlaces): Promise<LiveContract> => {
  const dynamo = await dynamoTarget(places.aws);
  const engine = await dynamoTarget(places.dynamoEngine);
  const s3 = await s3Target(places.aws);
  const snapshots = await s3SnapshotsTarget(places.aws);
  const sns = await snsTarget(places.aws);
  const secrets = await secretsTarget(places.aws);
  const ecs = ecsTarget(places.ecs.place, places.ecs.cluster);
  const place = { version: places.flinkVersion, state: places.state };
  const flink = flinkTarget(places.flinkUrl, place);
  const restart = async () => flinkTarget(await places.restartFlink(), place);
  const of = (what: string, cases: readonly BoundCase[]) =>
    cases.map(({ name, run }) => ({ name: `${what}: ${name}`, run }));
  return {
    cases: [
      ...of('DynamoDB', bind(storeCases, dynamo)),
      ...of("Amazon's DynamoDB engine", bind(storeCases, engine)),
      ...of('S3', bind(jarsCases, s3)),
      ...of('snapshots in S3', bind(s3SnapshotsCases, snapshots)),
      ...of('SNS', bind(alertsCases, sns)),
      ...of('SSM and Secrets Manager', bind(secretsCases, secrets)),
      ...of('ECS', bind(ecsCases, ecs)),
      ...of('Flink', bind([...flinkSuites.ready, ...flinkSuites.restart], { ...flink, restart })),
      ...of('ECS', bind(drainCases, { ...ecs, drain: places.ecs.drain })),
    ],
    close: () => {
      for (const target of [dynamo, engine, s3, snapshots, sns, secrets, ecs, flink]) target.close();
    },
  };
};

const storeCases = [...leaseCases, ...commitCases, ...nameCases, ...orderCases, ...dynamoCases];

export type LiveContract = { readonly cases: readonly BoundCase[]; readonly close: () => void };
