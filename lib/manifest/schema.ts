import * as z from 'zod/mini';
import { accessNames, accessShape } from './access-schema.ts';
import { alertsSchema, alertsShape, webhookShape } from './alerts-schema.ts';
import { directory } from './directory.ts';
import { healingShape } from './healing-schema.ts';
import { healthShape, outputShape } from './health-schema.ts';
import { jobSchema, jobShape, MODES, NAME, NAME_EXPECTED, savepointsShape } from './job-schema.ts';
import { leaderSchema, leaderShape } from './leader-schema.ts';
import { choice, list, mapping, optional, text, whole } from './values.ts';

/** ECS: letters, digits, underscores, hyphens, at most 255. Empty only beside `url`. */
const ECS_CLUSTER = /^[A-Za-z0-9_-]{0,255}$/;
const ECS_SERVICE = /^[A-Za-z0-9_-]{1,255}$/;
/** Scheme, host and port alone: paths, names and passwords have no place in it. */
const URL_OF_JOBMANAGER =
  /^https?:\/\/([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(:[1-9]\d{0,4})?$/;
const BECAUSE = /^[^\p{Cc}]{1,200}$/u;
const PORT_MAX = 65_535;
/** Longer than an hour is no pause but a wish not to submit, which `mode` says. */
const SUBMIT_AFTER_SECONDS_MAX = 3_600;

const ecsService = () => text(ECS_SERVICE, 'the name of an ECS service (not its ARN)', 'An ECS service.');

const clusterShape = {
  name: text(NAME, NAME_EXPECTED, 'The cluster’s name in every log line, alert and item.'),
  ecsCluster: optional(
    '',
    text(ECS_CLUSTER, 'the name of an ECS cluster (not its ARN)', 'The ECS cluster its services run on.'),
  ),
  jobManagers: optional(
    [],
    list(
      ecsService(),
      'a list of ECS service names, at least one',
      'ECS services that run the JobManagers. A service may stand in one cluster only.',
    ),
  ),
  taskManagers: optional(
    [],
    list(
      ecsService(),
      'a list of ECS service names',
      'ECS services that run the TaskManagers: a person is told when they crash or are fewer than wanted. Absent where something else starts them.',
    ),
  ),
  url: z.exactOptional(
    text(
      URL_OF_JOBMANAGER,
      'http(s)://host:port, nothing after it',
      'Instead of ECS services: the REST API of a JobManager that is no ECS task.',
    ),
  ),
  restPort: optional(
    8081,
    whole([1, PORT_MAX], 8081, 'Port of Flink’s REST API on the JobManagers. The port of a `url` stands in it.'),
  ),
  ...accessShape,
  leader: z.exactOptional(leaderSchema),
  checkpointDir: z.exactOptional(
    directory(
      'Where Flink keeps checkpoints, one directory for each job id in it: what `execution.checkpointing.dir` of its configuration says, with its scheme (`s3a:` where Flink knows no `s3:`), without an entropy key. The functions may list, read and delete there, and look there also while no JobManager can be asked.',
    ),
  ),
  savepointDir: z.exactOptional(
    directory('The same of savepoints; the autopilot’s own go there. Otherwise what Flink’s configuration says.'),
  ),
  mode: z.exactOptional(
    choice(
      MODES,
      '`run` (as without it): everything · `watch`: health and alerts, nothing is submitted or changed · `dry-run`: decides and says what it would do, and does nothing.',
    ),
  ),
  modeBecause: z.exactOptional(
    text(BECAUSE, 'a line of at most 200 characters', 'Why the mode is what it is; shown in log, status and plan.'),
  ),
  submitAfterSeconds: z.exactOptional(
    whole(
      [0, SUBMIT_AFTER_SECONDS_MAX],
      60,
      'Least age of a JobManager before anything is submitted to it; otherwise jobs are submitted as soon as it is ready.',
    ),
  ),
  jobs: list(jobSchema, 'a list of jobs', 'The jobs that belong on this cluster.'),
};

const manifestShape = {
  namespace: z.exactOptional(
    text(
      NAME,
      NAME_EXPECTED,
      'Part of every job’s identity; otherwise service and stage (`flink-autopilot-dev`). A changed namespace is a new lineage of every job.',
    ),
  ),
  alerts: z.exactOptional(alertsSchema),
  clusters: list(
    mapping(clusterShape, 'a cluster: a mapping with at least name, jobs, and ecsCluster with jobManagers or url'),
    'a list of clusters, at least one',
    'The Flink session clusters to look after.',
    1,
  ),
};

/**
 * The one schema of flink-jobs.yml. Each error message in it says what would be right; each description goes into the documentation.
 * What keys mean together is checked beside it: places.ts, orders.ts, references.ts, duplicates.ts.
 */
export const manifestSchema = mapping(manifestShape, 'a mapping with the key clusters');

/** The names that are known where `path` (without list positions) points to, for suggestions. */
export const knownNames = (path: readonly PropertyKey[]): readonly string[] =>
  NAMES[path.filter((part) => typeof part === 'string').join('.')] ?? [];

/** Where else `name` is known, as a person writes it: `clusters[].jobs[].health`; empty for the top of the file. */
export const placesOf = (name: string): readonly string[] =>
  Object.entries(NAMES).flatMap(([path, names]) =>
    names.includes(name) ? [path.replaceAll(/\b(clusters|jobs|webhooks)\b/g, '$1[]')] : [],
  );

const NAMES: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(manifestShape),
  alerts: Object.keys(alertsShape),
  'alerts.webhooks': Object.keys(webhookShape),
  clusters: Object.keys(clusterShape),
  'clusters.tls': accessNames.tls,
  'clusters.auth': accessNames.auth,
  'clusters.leader': Object.keys(leaderShape),
  'clusters.jobs': Object.keys(jobShape),
  'clusters.jobs.health': Object.keys(healthShape),
  'clusters.jobs.health.output': Object.keys(outputShape),
  'clusters.jobs.healing': Object.keys(healingShape),
  'clusters.jobs.savepoints': Object.keys(savepointsShape),
};
