import { Fault } from './core/errors.ts';
import { METRICS_MODES, type MetricsMode } from './core/metrics.ts';
import type { Manifest } from './core/model.ts';
import { duplicateNames, largeJobs } from './manifest/duplicates.ts';
import { openSecrets } from './manifest/open-secrets.ts';
import { orderProblems } from './manifest/orders.ts';
import { placeProblems } from './manifest/places.ts';
import { notAsExpected, type Problem, problemsElsewhere, problemsOf, problemsText } from './manifest/problems.ts';
import { referenceProblems } from './manifest/references.ts';
import { manifestSchema } from './manifest/schema.ts';
import { clusterSpec } from './manifest/specs.ts';
import { webhookProblems } from './manifest/webhooks.ts';

/** What the functions are told by their environment. */
export type Environment = {
  readonly table: string;
  readonly topicArn: string;
  readonly namespace: string;
  readonly metrics: MetricsMode;
};

/**
 * The manifest in the form the core works with; `input` is the parsed content of `file`, and parsing a Manifest again changes nothing.
 * Throws `invalid` MANIFEST_INVALID that names every problem with its path, what was found and what would be right.
 */
export const parseManifest = (input: unknown, defaults: { namespace: string; file: string }): Manifest => {
  const checked = checkManifest(input, defaults.namespace);
  if ('problems' in checked) throw manifestInvalid(defaults.file, checked.problems);
  return checked.manifest;
};

/** The manifest, or all that is wrong with it, for who has more to say about it. */
export const checkManifest = (
  input: unknown,
  namespace: string,
): { readonly manifest: Manifest } | { readonly problems: readonly Problem[] } => {
  const result = manifestSchema.safeParse(input);
  const secrets = [...referenceProblems(input), ...openSecrets(input)];
  const found = [
    ...(result.success ? [] : problemsOf(result.error.issues, input)),
    ...placeProblems(input),
    ...orderProblems(input),
    ...duplicateNames(input),
    ...largeJobs(input),
    ...webhookProblems(input),
  ];
  const problems = [...secrets, ...problemsElsewhere(found, secrets)];
  if (!result.success || problems.length > 0) return { problems };
  const { namespace: own = namespace, alerts, clusters } = result.data;
  const said = alerts === undefined ? {} : { alerts };
  return { manifest: { namespace: own, ...said, clusters: clusters.map(clusterSpec) } };
};

/** One Fault for all that is wrong with `file`. */
export const manifestInvalid = (file: string, problems: readonly Problem[]): Fault =>
  invalid('MANIFEST_INVALID', file, problems);

/** The environment of a function. Throws `invalid` ENVIRONMENT_INVALID that names every variable that is missing, empty or wrong. */
export const parseEnvironment = (env: Readonly<Record<string, string | undefined>>): Environment => {
  const problems: Problem[] = [];
  const read = (name: string, pattern: RegExp, expected: string): string => {
    const value = env[name]?.trim() ?? '';
    if (!pattern.test(value)) problems.push(notAsExpected(name, value === '' ? undefined : value, expected));
    return value;
  };
  const metrics = env.METRICS?.trim() || 'cluster';
  if (!isMetricsMode(metrics)) problems.push(notAsExpected('METRICS', metrics, `one of ${METRICS_MODES.join(', ')}`));
  const environment = {
    metrics: isMetricsMode(metrics) ? metrics : 'off',
    table: read('TABLE_NAME', /^[A-Za-z0-9_.-]{3,255}$/, 'the name of the DynamoDB table'),
    topicArn: read('TOPIC_ARN', /^arn:[\w-]+:sns:[\w-]+:\d{12}:\S+$/, 'the ARN of the SNS topic'),
    namespace: read(
      'AUTOPILOT_NAMESPACE',
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
      'service and stage, such as flink-autopilot-dev',
    ),
  };
  if (problems.length > 0) throw invalid('ENVIRONMENT_INVALID', 'environment', problems);
  return environment;
};

const isMetricsMode = (text: string): text is MetricsMode => METRICS_MODES.some((mode) => mode === text);

const invalid = (code: string, file: string, problems: readonly Problem[]): Fault =>
  new Fault('invalid', code, problemsText(file, problems), { context: { problems: problems.length } });
