import type { Problem } from '../../lib/manifest/problems.ts';
import { type EnvironmentName, JOB_NAMES, targetText } from './names.ts';
import { ENVIRONMENT, type Shell, type Taken } from './shell.ts';
import { isHighlyAvailable, missingNames, wrongHighAvailability, wrongValues } from './values.ts';

const REQUIRED = ['FLINK_ECS_CLUSTER', 'FLINK_ECS_SERVICE', 'JOB_JAR_PATH'];
/** It is part of the job's identity, so it must outlive every version of the jar. */
const JOB_NAME = 'job';

/** The names of one job that the shell gives, empty ones too. */
export const jobNamesGiven = (shell: Shell): EnvironmentName[] =>
  JOB_NAMES.filter(({ name }) => shell[name] !== undefined);

/** Names that speak of a job where the manifest has its own clusters: each is a problem, unless the manifest asks for it by `${env:}`. */
export const namesBeside = (given: readonly EnvironmentName[], asked: ReadonlySet<string>, file: string): Problem[] =>
  given
    .filter(({ name }) => !asked.has(name))
    .map(({ name, target }) => {
      const there = target.kind === 'none' ? '' : `say it there (${targetText(target)}), or `;
      return {
        file: ENVIRONMENT,
        path: name,
        text: `describes a job beside the clusters of ${file}; ${there}unset it`,
      };
    });

export type FromEnvironment = {
  /** The one cluster, as a manifest would say it. */
  readonly cluster: unknown;
  readonly taken: readonly Taken[];
  readonly problems: readonly Problem[];
  /** A problem that the manifest's schema has with the cluster, said of the name that the value came from. */
  readonly explain: (problem: Problem) => Problem;
};

/** One job on one cluster, described by the names that set-ups by shell use. */
export const jobOf = (shell: Shell): FromEnvironment => {
  const problems = [
    ...missingNames(REQUIRED, shell),
    ...wrongValues(JOB_NAMES, shell),
    ...wrongHighAvailability(shell),
  ];
  const isMeant = ({ target }: EnvironmentName) => target.kind !== 'leader' || isHighlyAvailable(shell);
  const given = jobNamesGiven(shell)
    .filter(({ name }) => !problems.some(({ path }) => path === name))
    .map((one) => (isMeant(one) ? one : { ...one, target: { kind: 'none' } as const }))
    .map((one) => ({ ...one, value: shell[one.name]?.trim() ?? '' }));
  const paths = new Map([...ALWAYS, ...given.flatMap(pathsOf), ...argumentsOf(given).flatMap(pathOfArgument)]);
  return {
    cluster: clusterOf(given),
    taken: given.map(({ name, target, value }) => ({ file: ENVIRONMENT, name, path: targetText(target), value })),
    problems,
    explain: (problem) => {
      const name = paths.get(problem.path);
      return name === undefined ? problem : { ...problem, file: ENVIRONMENT, path: name };
    },
  };
};

type Given = EnvironmentName & { readonly value: string };

const clusterOf = (given: readonly Given[]): object => {
  const textOf = (name: string) => given.find((one) => one.name === name)?.value;
  const [ecsCluster, service] = [textOf('FLINK_ECS_CLUSTER'), textOf('FLINK_ECS_SERVICE')];
  const fields = given.flatMap(({ target, value }) => (target.kind === 'job' ? [[target.key, numberOr(value)]] : []));
  const leader = given.flatMap(({ target, value }) => (target.kind === 'leader' ? [[target.key, value]] : []));
  return {
    ...(ecsCluster === undefined ? {} : { name: ecsCluster, ecsCluster }),
    ...(service === undefined ? {} : { jobManagers: [service] }),
    ...(leader.length === 0 ? {} : { leader: Object.fromEntries(leader) }),
    jobs: [
      {
        name: JOB_NAME,
        ...Object.fromEntries(fields),
        args: argumentsOf(given).flatMap(({ argument, value }) => [argument, value]),
        flinkConfiguration: Object.fromEntries(given.flatMap(flinkOf)),
      },
    ],
  };
};

const argumentsOf = (given: readonly Given[]) =>
  given.flatMap(({ name, target, value }) =>
    target.kind === 'argument' ? [{ name, argument: target.argument, value }] : [],
  );

const flinkOf = ({ target, value }: Given): [string, string][] =>
  target.kind === 'flink' ? target.keys.map((key) => [key, `${value}${target.suffix ?? ''}`]) : [];

const numberOr = (value: string): string | number => (/^\d{1,15}$/.test(value) ? Number(value) : value);

/** Where the schema finds a value, and that it misses one, for the name that says it. */
const pathsOf = ({ name, target }: Given): [string, string][] => {
  if (target.kind === 'flink') return target.keys.map((key) => [`clusters[0].jobs[0].flinkConfiguration.${key}`, name]);
  const isSaid = target.kind === 'job' || target.kind === 'cluster' || target.kind === 'leader';
  return isSaid ? [[targetText(target), name]] : [];
};

const pathOfArgument = ({ name }: { readonly name: string }, i: number): [string, string][] => [
  [`clusters[0].jobs[0].args[${2 * i + 1}]`, name],
];

const ALWAYS: readonly [string, string][] = [
  ['clusters[0].name', 'FLINK_ECS_CLUSTER'],
  ['clusters[0].ecsCluster', 'FLINK_ECS_CLUSTER'],
  ['clusters[0].jobManagers', 'FLINK_ECS_SERVICE'],
  ['clusters[0].jobs[0].jar', 'JOB_JAR_PATH'],
];
