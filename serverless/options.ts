import { METRICS_MODES, type MetricsMode } from '../lib/core/metrics.ts';
import type { Settings, Vpc } from './osls.ts';
import { vpcOf } from './vpc.ts';

/** What `--param` says about an installation, checked. */
export type Options = {
  readonly vpc?: Vpc;
  /** Name of an existing table to remember in, instead of one of the stack. */
  readonly table?: string;
  /** Who is told by e-mail. */
  readonly email?: string;
  /** A KMS key of the stack's own encrypts the topic. */
  readonly encryptAlerts: boolean;
  readonly logRetentionInDays: number;
  /** Of each function, in MB; CPU comes in proportion. */
  readonly memorySize: number;
  readonly metrics: MetricsMode;
};

/** Throws an Error that names every `--param` that is wrong, with what was found and what would be right. */
export const optionsOf = (settings: Settings): Options => {
  const { vpc, problems: vpcProblems } = vpcOf(settings);
  const [table, email, encryptAlerts, days, memory, metrics] = [
    textOf(settings.table),
    textOf(settings.email),
    textOf(settings.encryptAlerts),
    textOf(settings.logRetentionInDays),
    textOf(settings.memory),
    textOf(settings.metrics),
  ];
  const problems = [
    ...vpcProblems,
    ...wrong(
      'table',
      table,
      TABLE.test(table),
      'the name of a DynamoDB table in this account and region (not its ARN)',
    ),
    ...wrong('email', email, EMAIL.test(email), 'one address, such as you@example.com'),
    ...wrong('encryptAlerts', encryptAlerts, ['true', 'false'].includes(encryptAlerts), 'true or false'),
    ...wrong('logRetentionInDays', days, RETENTION_DAYS.includes(days), `one of ${RETENTION_DAYS.join(', ')}`),
    ...wrong('memory', memory, isMemory(memory), `MB from ${MEMORY_MB} to ${MEMORY_MB_MAX}, such as 512`),
    ...wrong('metrics', metrics, modeOf(metrics) !== undefined, METRICS_MODES.join(', ')),
  ];
  if (problems.length > 0) throw new Error(`Nothing was deployed, the options are wrong:\n  ${problems.join('\n  ')}`);
  return {
    ...(vpc === undefined ? {} : { vpc }),
    ...(table === '' ? {} : { table }),
    ...(email === '' ? {} : { email }),
    encryptAlerts: encryptAlerts === 'true',
    logRetentionInDays: days === '' ? LOG_DAYS : Number(days),
    memorySize: memory === '' ? MEMORY_MB : Number(memory),
    metrics: modeOf(metrics) ?? 'cluster',
  };
};

const TABLE = /^[A-Za-z0-9_.-]{3,255}$/;
const EMAIL = /^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/;
/** Long enough to look back from an alert that was seen after a holiday. */
const LOG_DAYS = 30;
/** What CloudWatch Logs takes, up to a year. */
const RETENTION_DAYS = ['1', '3', '5', '7', '14', '30', '60', '90', '120', '150', '180', '365'];
/** The peak is some 150 MB (docs/benchmarks.md) beside Lambda's own runtime, so the next smaller size, 128 MB, is too small. */
const MEMORY_MB = 256;
/** What Lambda takes. */
const MEMORY_MB_MAX = 10_240;

const isMemory = (text: string): boolean =>
  /^\d{1,5}$/.test(text) && Number(text) >= MEMORY_MB && Number(text) <= MEMORY_MB_MAX;

const modeOf = (text: string): MetricsMode | undefined => METRICS_MODES.find((mode) => mode === text);

const textOf = (value: unknown): string => String(value ?? '').trim();

/** Empty is not given. */
const wrong = (param: string, found: string, isRight: boolean, expected: string): string[] =>
  found === '' || isRight ? [] : [`--param ${param}: found ${JSON.stringify(found)}; expected ${expected}`];
