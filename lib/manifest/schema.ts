import * as z from 'zod/mini';

/** A name is used as an item key, in log lines and in message attributes: letters, digits, `.`, `_`, `-`. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** ECS: letters, digits, underscores, hyphens, at most 255. */
const ECS_NAME = /^[A-Za-z0-9_-]{1,255}$/;
/** `*`, `?` and `$` would be wildcards or variables in the permission that is made of it. */
const JAR = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/(?!\/)[^*?$\p{Cc}]{1,1020}\.jar$/u;
const JAVA_CLASS = /^[\p{L}_$][\p{L}\p{N}_$]*(\.[\p{L}_$][\p{L}\p{N}_$]*)*$/u;
const FLINK_NAME = /\S/;
/** Flink's own upper bound of a job's parallelism. */
const PARALLELISM_MAX = 32_768;
const PORT_MAX = 65_535;

const jobShape = {
  name: text(
    NAME,
    `a name of at most 64 letters, digits, '.', '_' or '-'`,
    'The job’s name in every log line, alert and item.',
  ),
  jar: text(
    JAR,
    's3://bucket/key.jar, without *, ? or $',
    'Where the jar is. Its newest version is taken when the job is submitted.',
  ),
  mainClass: z.exactOptional(
    text(
      JAVA_CLASS,
      'a Java class, such as com.example.Main',
      'The class to run; otherwise the jar’s manifest names it.',
    ),
  ),
  args: optional(
    [],
    list(
      z.string({ error: 'text; put it in quotes, or YAML changes it (1.10 becomes 1.1)' }),
      'a list of texts, such as ["--rate", "100"]',
      'Arguments of `main()`, one item for each word.',
    ),
  ),
  parallelism: z.exactOptional(
    whole(PARALLELISM_MAX, 2, 'Parallelism of the job; otherwise what the jar or the cluster says.'),
  ),
  slots: z.exactOptional(
    whole(PARALLELISM_MAX, 2, 'Free task slots to wait for before submitting; otherwise `parallelism`, else 1.'),
  ),
  flinkConfiguration: optional({}, flinkConfiguration()),
  flinkName: z.exactOptional(
    text(
      FLINK_NAME,
      'the name the job has on Flink, not empty',
      'The job’s name on Flink (what it passes to `execute`). It also says that live jobs of other names are not this one, which ends the hold of a first submission on a busy cluster.',
    ),
  ),
  state: z.exactOptional(
    choice(
      ['none'],
      '`none`: the job keeps nothing worth restoring and may start empty after a loss. Without it a lost job is held.',
    ),
  ),
  enabled: optional(true, flag('`false`: the job is neither submitted nor alerted about.')),
};

const clusterShape = {
  name: text(
    NAME,
    `a name of at most 64 letters, digits, '.', '_' or '-'`,
    'The cluster’s name in every log line, alert and item.',
  ),
  ecsCluster: text(ECS_NAME, 'the name of an ECS cluster (not its ARN)', 'The ECS cluster its services run on.'),
  jobManagers: list(
    ecsService(),
    'a list of ECS service names, at least one',
    'ECS services that run the JobManagers. A service may stand in one cluster only.',
    1,
  ),
  taskManagers: optional(
    [],
    list(
      ecsService(),
      'a list of ECS service names',
      'ECS services that run the TaskManagers. Absent where something else starts them.',
    ),
  ),
  restPort: optional(8081, whole(PORT_MAX, 8081, 'Port of Flink’s REST API on the JobManagers.')),
  jobs: list(
    mapping(jobShape, 'a job: a mapping with at least name and jar'),
    'a list of jobs',
    'The jobs that belong on this cluster.',
  ),
};

const manifestShape = {
  namespace: z.exactOptional(
    text(
      NAME,
      `a name of at most 64 letters, digits, '.', '_' or '-'`,
      'Part of every job’s identity; otherwise service and stage (`flink-autopilot-dev`). A changed namespace is a new lineage of every job.',
    ),
  ),
  clusters: list(
    mapping(clusterShape, 'a cluster: a mapping with at least name, ecsCluster, jobManagers and jobs'),
    'a list of clusters, at least one',
    'The Flink session clusters to look after.',
    1,
  ),
};

/** The one schema of flink-jobs.yml. Each error message in it says what would be right; each description goes into the documentation. */
export const manifestSchema = mapping(manifestShape, 'a mapping with the key clusters');

/** The names that are known where `path` (without list positions) points to, for suggestions. */
export const knownNames = (path: readonly PropertyKey[]): readonly string[] => {
  const place = path.filter((part) => typeof part === 'string').join('.');
  if (place === '') return Object.keys(manifestShape);
  if (place === 'clusters') return Object.keys(clusterShape);
  return place === 'clusters.jobs' ? Object.keys(jobShape) : [];
};

function text(pattern: RegExp, expected: string, description: string) {
  return z.string({ error: expected }).check(z.regex(pattern, { error: expected }), z.meta({ description, expected }));
}

function ecsService() {
  return text(ECS_NAME, 'the name of an ECS service (not its ARN)', 'An ECS service.');
}

function whole(max: number, example: number, description: string) {
  const error = `a whole number from 1 to ${max}, such as ${example}`;
  return z
    .int({ error })
    .check(z.minimum(1, { error }), z.maximum(max, { error }), z.meta({ description, expected: error }));
}

function flag(description: string) {
  return z.boolean({ error: 'true or false' }).check(z.meta({ description, expected: 'true or false' }));
}

function choice<const T extends readonly string[]>(values: T, description: string) {
  const expected = values.join(' or ');
  return z.enum(values, { error: expected }).check(z.meta({ description, expected }));
}

function list<T extends z.ZodMiniType>(item: T, expected: string, description: string, least = 0) {
  return z
    .array(item, { error: expected })
    .check(z.minLength(least, { error: expected }), z.meta({ description, expected }));
}

function mapping<T extends z.core.$ZodShape>(shape: T, expected: string) {
  return z.strictObject(shape, { error: expected }).check(z.meta({ expected }));
}

/** Flink takes text only, so numbers and booleans become text; a number that YAML has already rounded is refused. */
function flinkConfiguration() {
  const error =
    'text, a number or true/false, with the whole Flink key in one piece (execution.checkpointing.interval: 10 s)';
  const exact = z.number({ error }).check(
    z.refine((n) => !Number.isInteger(n) || Number.isSafeInteger(n), {
      error: 'this number in quotes: it is too large for YAML',
    }),
  );
  const value = z.pipe(z.union([z.string(), exact, z.boolean()], { error }), z.transform(String));
  const expected = 'a mapping from Flink’s keys to values';
  return z
    .record(z.string().check(z.minLength(1)), value, { error: expected })
    .check(z.meta({ description: 'Flink configuration of this job alone, sent with its submission.', expected }));
}

function optional<T extends z.ZodMiniType>(value: z.util.NoUndefined<z.output<T>>, schema: T) {
  return z._default(schema, value);
}
