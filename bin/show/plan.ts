import type { ClusterPlan, JobPlan, PlanAnswer, Would } from '../../lib/operate/answers.ts';
import { clusterHead, counted, type Frame } from './blocks.ts';
import { verdictColour } from './paint.ts';
import { cutLines } from './status.ts';
import { table } from './table.ts';
import { wrapped } from './text.ts';

/** The answer to `plan`: what the first pass in mode `run` would do, and what really happens now. */
export const showPlan = ({ clusters, cut }: PlanAnswer, frame: Frame): readonly string[] => {
  const effects = clusters.flatMap(({ jobs }) => jobs.filter(({ would }) => would !== undefined));
  return [
    ...clusters.flatMap((cluster) => [...planLines(cluster, frame), '']),
    ...cutLines(cut, 'job', frame),
    effects.length === 0
      ? 'Nothing would be done now.'
      : `${counted(effects.length, 'effect')}. Nothing was done: this is a plan.`,
  ];
};

const planLines = (cluster: ClusterPlan, frame: Frame): readonly string[] => {
  const columns = [
    { title: 'JOB', shrink: true },
    { title: 'MODE' },
    { title: 'SEEN', shrink: true },
    { title: 'WOULD' },
  ] as const;
  const { head, lines } = table(
    columns,
    cluster.jobs.map(({ job, mode, seen, verdict, would }) => [
      job,
      mode.mode,
      seen,
      would === undefined ? verdict : doing(would),
    ]),
    '  ',
  );
  const jobs = cluster.jobs.flatMap((job, index) => {
    const mark = frame.paint(job.would === undefined ? ' ' : '>', ...verdictColour(job.verdict));
    return [mark + (lines[index] ?? '').slice(1), ...wrapped(job.because, '    '), ...effectLines(job)];
  });
  return [...clusterHead(cluster, frame), ...(jobs.length === 0 ? [] : [frame.paint(head, 'dim')]), ...jobs];
};

const doing = ({ kind, attempt, nextPass }: Would): string =>
  `${kind}${attempt === undefined ? '' : ` attempt ${attempt}`}${nextPass === undefined ? '' : ', one pass later'}`;

const effectLines = ({ would }: JobPlan): readonly string[] => {
  if (would?.spec === undefined) return [];
  const { jar, mainClass, args, parallelism } = would.spec;
  const words = [
    `${jar}${would.jarVersion === undefined ? '' : ` (${would.jarVersion})`}`,
    ...(mainClass === undefined ? [] : [`main class ${mainClass}`]),
    ...(args.length === 0 ? [] : [`args ${args.join(' ')}`]),
    ...(parallelism === undefined ? [] : [`parallelism ${parallelism}`]),
    ...(would.to === undefined ? [] : [`on ${would.to}`]),
  ];
  return wrapped(words.join(', '), '      ');
};
