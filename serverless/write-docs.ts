import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { manifestSchema } from '../lib/manifest/schema.ts';
import { editorSchema } from './editor-schema.ts';
import { environmentSection, REFERENCES_SECTION } from './environment/page.ts';
import { RUNBOOK_INDEX, runbookIndex } from './runbook-index.ts';

const ROOT = join(import.meta.dirname, '..');

/** What is made of the schema and kept beside it: the page and the schema for editors. */
export const CONFIGURATION_PAGE = join(ROOT, 'docs/configuration.md');
export const EDITOR_SCHEMA = join(ROOT, 'flink-jobs.schema.json');

/** docs/configuration.md, made from the schema that also checks the manifest, so that the two cannot differ. */
export const configurationPage = (): string => {
  const manifest = asSchema(z.toJSONSchema(manifestSchema, { io: 'input' }));
  const cluster = itemOf(manifest, 'clusters');
  const job = itemOf(cluster, 'jobs');
  const alerts = asSchema(manifest.properties?.alerts);
  const health = asSchema(job.properties?.health);
  return [
    INTRODUCTION,
    `## The manifest\n\n${table(rowsOf(manifest))}`,
    `### Messages (\`alerts\`)\n\n${table(rowsOf(alerts))}`,
    `### Webhooks (\`alerts.webhooks[]\`)\n\n${table(rowsOf(itemOf(alerts, 'webhooks')))}`,
    `## A cluster (\`clusters[]\`)\n\n${table(rowsOf(cluster))}`,
    `### TLS (\`clusters[].tls\`)\n\n${table(alternatives(cluster, 'tls').flatMap(rowsOf))}`,
    `### Authentication (\`clusters[].auth\`)\n\n${table(alternatives(cluster, 'auth').flatMap(rowsOfKind))}`,
    `### High availability (\`clusters[].leader\`)\n\n${LEADER}\n\n${table(alternatives(cluster, 'leader').flatMap(rowsOf))}`,
    `## A job (\`clusters[].jobs[]\`)\n\n${table(rowsOf(job))}`,
    `### Savepoints (\`clusters[].jobs[].savepoints\`)\n\n${table(rowsOf(asSchema(job.properties?.savepoints)))}`,
    `### Health (\`clusters[].jobs[].health\`)\n\n${table(rowsOf(health))}`,
    `#### Output (\`clusters[].jobs[].health.output\`)\n\n${table(rowsOf(asSchema(health.properties?.output)))}`,
    `### Healing (\`clusters[].jobs[].healing\`)\n\n${table(rowsOf(asSchema(job.properties?.healing)))}`,
    EXAMPLE,
    REFERENCES_SECTION,
    environmentSection(),
    DEPLOYING,
  ].join('\n\n');
};

/** The parts of a JSON Schema that the tables show; `expected` and `standard` are our own. */
type Schema = {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly items?: unknown;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly expected?: unknown;
  readonly standard?: unknown;
  readonly const?: unknown;
  readonly anyOf?: readonly unknown[];
  readonly oneOf?: readonly unknown[];
};

const INTRODUCTION = `# Configuration

<!-- Made by \`node serverless/write-docs.ts\` from the schema. Change the schema, not this page. -->

\`flink-jobs.yml\` says which jobs belong on which Flink cluster. It is checked when you deploy and again when a function starts.
All problems are named at once, each with its path, what was found and what would be right; nothing is deployed then.
Unknown names are refused. What is in the file travels inside the functions: after a change, deploy again.`;

const LEADER = `A mapping with these keys, or the word \`rest\`: the functions cannot reach the ZooKeeper, or not by plain TCP (TLS, SASL, a chroot behind the servers' names), and what all JobManagers list over REST has to do. [What that proves less](guarantees.md#honest-limits), and that a job starts two minutes later, is said when you deploy.`;

const EXAMPLE = `## An example of most of it

\`\`\`yaml
clusters:
  - name: orders
    ecsCluster: production
    jobManagers: [flink-a-jobmanager, flink-b-jobmanager]
    taskManagers: [flink-taskmanager]
    tls: { serverName: flink.internal, ca: '$\{ssm:/flink/ca}' }
    auth: { kind: basic, username: autopilot, password: '$\{secret:flink/rest#password}' }
    leader: { quorum: 'zk-1.internal:2181,zk-2.internal:2181,zk-3.internal:2181', clusterId: /orders }
    jobs:
      - name: intake
        jar: image:intake.jar
        priority: 10
      - name: totals
        jar: s3://jars-of-production/totals.jar
        after: [intake]
        args: [--database-password, '$\{secret:database#password}']
        savepoints: { every: 24h, keep: 7 }
        health:
          restarts: 10                  # Flink may restart it more often before that is told
          restartsWithin: 30m
          checkpointAge: 1h
          output: { prefix: s3://lake-of-production/totals, within: 2h }
        healing: { restarts: 2, distance: 10m }
      - name: backfill
        jar: s3://jars-of-production/backfill.jar
        bounded: true
        mode: dry-run
  - name: laboratory
    url: https://flink.laboratory.example:8443
    mode: watch
    jobs: []
alerts:
  runbookUrl: https://git.example.com/flink-autopilot/blob/main/docs/runbook
  remindEvery: 24h
  webhooks:
    - name: on-call
      url: https://alerts.example.com/flink
      secret: $\{ssm:/alerts/key}
\`\`\``;

const DEPLOYING = `## Deploying

\`npx serverless deploy\` takes these besides the framework's own options:

| option | default | what it says |
|---|---|---|
| \`--stage\` | \`dev\` | Name of this installation. Another stage is another autopilot with a memory of its own. |
| \`--region\`, \`--param region=\` | \`AWS_REGION\`, else \`eu-west-1\` | Where the ECS clusters are. |
| \`--param manifest=\` | \`flink-jobs.yml\` | The manifest to deploy. |
| \`--param subnets=\` | none | Ids of private subnets, comma-separated, from which the JobManagers can be reached. |
| \`--param securityGroups=\` | none | Ids of security groups for the functions; the JobManagers must let them in on the REST port, a ZooKeeper (\`leader\`) on its own. |
| \`--param table=\` | a table of the stack | Name of an existing DynamoDB table to remember in (keys \`pk\` and \`sk\`). Give it with each deploy. |
| \`--param email=\` | nobody | One address that gets the alerts by e-mail, once it has confirmed. |
| \`--param encryptAlerts=\` | \`false\` | \`true\`: the topic is encrypted with a KMS key of its own. |
| \`--param logRetentionInDays=\` | \`30\` | How long CloudWatch keeps the logs of the functions. |
| \`--param memory=\` | \`256\` | MB of each function, which get CPU in proportion ([what 256 MB cost in time](benchmarks.md#what-256-mb-cost-in-time)). |
| \`--param metrics=\` | \`cluster\` | [Metrics](operate.md#where-to-look) by cluster; \`job\`: by job, too; \`off\`: none. CloudWatch bills each. |
| environment \`FLINK_AUTOPILOT_BUILD_DIR\` | the checkout | Folder below which everything is built, so that two deploys from one checkout do not meet. |

JobManagers usually have private addresses only, so on AWS give \`subnets\` and \`securityGroups\`, always both. From these subnets the functions
need a way to ECS and SNS (a NAT gateway or interface endpoints, both cost by the hour) and to DynamoDB and S3 (gateway endpoints, free).
`;

const itemOf = (schema: Schema, property: string): Schema => asSchema(asSchema(schema.properties?.[property]).items);

const alternatives = (schema: Schema, property: string): Schema[] => {
  const { anyOf, oneOf } = asSchema(schema.properties?.[property]);
  return (anyOf ?? oneOf ?? []).map(asSchema);
};

type Row = readonly string[];

const rowsOf = (schema: Schema): Row[] =>
  Object.entries(schema.properties ?? {}).map(([key, property]) => {
    const { description = '', default: preset, expected, standard = '' } = asSchema(property);
    const isRequired = schema.required?.includes(key) === true;
    const byDefault = preset === undefined ? String(standard) : `\`${JSON.stringify(preset)}\``;
    return [`\`${key}\``, description, String(expected), isRequired ? '**required**' : (PLACES[key] ?? byDefault)];
  });

/** Required, but only where the cluster is ECS services. */
const PLACES: Readonly<Record<string, string>> = {
  ecsCluster: '**required**, or `url`',
  jobManagers: '**required**, or `url`',
};

/** The keys of one kind of authentication, below the line of the kind itself. */
const rowsOfKind = (schema: Schema): Row[] => {
  const { kind, ...properties } = schema.properties ?? {};
  const { description = '', expected } = asSchema(kind);
  return [['`kind`', description, String(expected), '**required**'], ...rowsOf({ ...schema, properties })];
};

const table = (rows: readonly Row[]): string => {
  const lines = [['key', 'what it says', 'what is right', 'default'], ['---', '---', '---', '---'], ...rows];
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
};

const asSchema = (value: unknown): Schema => (typeof value === 'object' && value !== null ? value : {});

if (import.meta.main) {
  await writeFile(CONFIGURATION_PAGE, configurationPage());
  await writeFile(EDITOR_SCHEMA, editorSchema());
  await writeFile(RUNBOOK_INDEX, runbookIndex());
}
