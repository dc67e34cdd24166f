import type { ClusterSpec, JobSpec } from '../../../lib/core/model.ts';
import type { Random } from '../../support/virtual-time.ts';
import type { Pace } from '../pace.ts';
import { taskManagerService } from './ecs/task-managers.ts';
import { serviceNames } from './flink/cluster.ts';

/** What is deployed first: some jobs, on one cluster or, now and then, on two. */
export const firstManifest = (random: Random, shares: Shares, { jobs: count, two }: Pace): readonly ClusterSpec[] => {
  const names = NAMES.slice(0, random.pick(...count));
  const isTwo = random.chance(two) && names.length > 2;
  const jobs = names.map((name, index) => newJob(random, shares, name, names.slice(0, index)));
  const here = isTwo ? jobs.slice(0, 2) : jobs;
  return [cluster(random, 1, here), ...(isTwo ? [cluster(random, 2, jobs.slice(2).map(withoutAfter))] : [])];
};

/** F37: one name is the beginning of another. */
export const NAMES = ['a', 'a-1', 'b', 'c', 'd'];

export const JARS = ['s3://jars/shared.jar', 's3://jars/own.jar'] as const;

const cluster = (random: Random, n: number, jobs: readonly JobSpec[]): ClusterSpec => ({
  name: `c${n}`,
  ecsCluster: 'flink',
  jobManagers: serviceNames(n),
  taskManagers: [taskManagerService(n)],
  restPort: 8081,
  jobs,
  ...(random.chance(0.1) ? { submitAfterSeconds: random.between(1, 30) } : {}),
});

/** How many have their jar in the image, are saved by schedule, leave nothing behind, and are soon told to be ill. */
type Shares = Readonly<Record<'baked' | 'scheduled' | 'garbage' | 'touchy', number>>;

/** `before`: jobs that it may come after. */
export const newJob = (random: Random, shares: Shares, name: string, before: readonly string[] = []): JobSpec => {
  const other = before[random.between(0, before.length)];
  return {
    name,
    jar: random.chance(shares.baked) ? 'image:baked.jar' : random.pick(...JARS),
    args: ['--revision', '1'],
    flinkConfiguration: {},
    parallelism: random.between(1, 4),
    enabled: !random.chance(0.05),
    ...(random.chance(0.6) ? { flinkName: `Job ${name}` } : {}),
    ...(random.chance(0.5) ? { state: random.pick('none', 'preferred') } : {}),
    ...(random.chance(0.1) ? { bounded: true } : {}),
    ...(random.chance(0.1) ? { priority: random.between(1, 3) } : {}),
    ...(other !== undefined && random.chance(0.1) ? { after: [other] } : {}),
    ...(random.chance(0.05) ? { mode: random.pick('watch', 'dry-run') } : {}),
    ...(random.chance(shares.scheduled) ? { savepoints: newSchedule(random) } : {}),
    ...(random.chance(shares.garbage) ? { garbage: 'delete' } : {}),
    ...(shares.touchy > 0 && random.chance(shares.touchy) ? { health: TOUCHY } : {}),
    ...HEALING[name],
  };
};

/** The others as by default: so that some are soon held, and others often started again. */
const HEALING: Readonly<Record<string, Pick<JobSpec, 'healing'>>> = {
  'a-1': { healing: { restarts: 1, distance: '60s' } },
  c: { healing: { restarts: 2, distance: '30s' } },
};

const TOUCHY: NonNullable<JobSpec['health']> = { restarts: 2 };

/** Often, since the hours of a run are few. */
export const newSchedule = (random: Random): NonNullable<JobSpec['savepoints']> => ({
  every: random.pick('10m', '10m', '30m', '1h'),
  ...(random.chance(0.8) ? { keep: random.pick(1, 1, 2) } : {}),
});

const withoutAfter = ({ after: _, ...job }: JobSpec): JobSpec => job;
