import type { ClusterSpec, JobSpec } from '../../../../lib/core/model.ts';
import type { Random } from '../../../support/virtual-time.ts';
import { JARS, NAMES, newJob, newSchedule } from '../first-manifest.ts';
import { anyOf, type Happening, type Stage } from '../stage.ts';
import { sharesOf } from '../usual.ts';

/** A person deploys a manifest in which one thing is another. */
export const deployManifest: Happening = (stage, cluster) => {
  const { deployed, sim } = stage;
  const specs = deployed.specs();
  const spec = specs.find(({ name }) => name === cluster.name);
  if (spec === undefined) {
    // The others stay as they were deployed last.
    deployed.deploy(
      deployed.first.flatMap((each) =>
        each.name === cluster.name ? [each] : specs.filter(({ name }) => name === each.name),
      ),
    );
    return `deploys with ${cluster.name} again`;
  }
  if (specs.length > 1 && sim.random.chance(0.1)) {
    deployed.deploy(specs.filter((each) => each !== spec));
    return `deploys without ${spec.name}`;
  }
  const job = anyOf(stage, spec.jobs);
  if (job === undefined) return undefined;
  const [what, jobs] = changed(stage, spec, job);
  deployed.deploy(specs.map((each) => (each === spec ? { ...spec, jobs } : each)));
  return `deploys ${what} ${job.name}`;
};

const changed = (
  stage: Stage,
  { name: cluster, jobs }: ClusterSpec,
  job: JobSpec,
): readonly [string, readonly JobSpec[]] => {
  const { random } = stage.sim;
  const withJob = (next: JobSpec): readonly JobSpec[] => jobs.map((each) => (each === job ? next : each));
  const { mode, ...free } = job;
  switch (random.pick(...CHANGES)) {
    case 'args':
      return ['new arguments of', withJob({ ...job, args: ['--revision', String(random.between(2, 9))] })];
    case 'jar':
      return ['another jar of', withJob({ ...job, jar: random.pick(...JARS) })];
    case 'switch':
      return [job.enabled ? 'switched off' : 'switched on', withJob({ ...job, enabled: !job.enabled })];
    case 'mode':
      return ['the mode of', withJob(mode === undefined ? { ...job, mode: random.pick('watch', 'dry-run') } : free)];
    case 'state':
      return ['another `state` of', withJob({ ...job, state: random.pick('none', 'preferred', 'required') })];
    case 'savepoints':
      return ['other `savepoints` of', withJob(withOtherSchedule(random, job))];
    case 'garbage':
      return ['another `garbage` of', withJob(withOtherGarbage(job))];
    case 'remove':
      return ['without', jobs.filter((each) => each !== job).map((each) => notAfter(each, job.name))];
    case 'add':
      return ['one more job beside', withOneMore(stage, cluster, jobs)];
  }
};

const CHANGES = [
  'args',
  'args',
  'args',
  'jar',
  'switch',
  'switch',
  'mode',
  'state',
  'savepoints',
  'savepoints',
  'garbage',
  'remove',
  'add',
] as const;

const withOtherSchedule = (random: Random, { savepoints: _, ...job }: JobSpec): JobSpec =>
  random.chance(0.8) ? { ...job, savepoints: newSchedule(random) } : job;

const withOtherGarbage = ({ garbage, ...job }: JobSpec): JobSpec =>
  garbage === undefined ? { ...job, garbage: 'delete' } : job;

/** The manifest is refused where a job comes after one that is not there. */
const notAfter = ({ after, ...job }: JobSpec, gone: string): JobSpec =>
  after === undefined || after.includes(gone) ? job : { ...job, after };

/** Also one that was there before: the same name is the same lineage, and its main() names its job as ever. */
const withOneMore = (stage: Stage, cluster: string, jobs: readonly JobSpec[]): readonly JobSpec[] => {
  const { sim, deployed } = stage;
  const name = NAMES.find((each) => jobs.every((job) => job.name !== each));
  if (name === undefined) return jobs;
  const job = newJob(sim.random, sharesOf(stage), name);
  const flinkName = job.flinkName && (deployed.known(cluster, name)?.name ?? job.flinkName);
  return [...jobs, flinkName === undefined ? job : { ...job, flinkName }];
};
