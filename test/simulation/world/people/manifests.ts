import type { ClusterSpec, JobSpec } from '../../../../lib/core/model.ts';
import { JARS, NAMES, newJob } from '../first-manifest.ts';
import { anyOf, type Happening, type Stage } from '../stage.ts';
import { usualShares } from '../usual.ts';

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
  switch (random.pick('args', 'args', 'args', 'jar', 'switch', 'switch', 'mode', 'state', 'remove', 'add')) {
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
    case 'remove':
      return ['without', jobs.filter((each) => each !== job).map((each) => notAfter(each, job.name))];
    case 'add':
      return ['one more job beside', withOneMore(stage, cluster, jobs)];
  }
};

/** The manifest is refused where a job comes after one that is not there. */
const notAfter = ({ after, ...job }: JobSpec, gone: string): JobSpec =>
  after === undefined || after.includes(gone) ? job : { ...job, after };

/** Also one that was there before: the same name is the same lineage, and its main() names its job as ever. */
const withOneMore = ({ sim, deployed }: Stage, cluster: string, jobs: readonly JobSpec[]): readonly JobSpec[] => {
  const name = NAMES.find((each) => jobs.every((job) => job.name !== each));
  if (name === undefined) return jobs;
  const job = newJob(sim.random, { name, baked: usualShares.baked });
  const flinkName = job.flinkName && (deployed.known(cluster, name)?.name ?? job.flinkName);
  return [...jobs, flinkName === undefined ? job : { ...job, flinkName }];
};
