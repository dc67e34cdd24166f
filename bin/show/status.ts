import type { Incident, Left, Order } from '../../lib/core/model.ts';
import type { ClusterStatus, JobStatus, StatusAnswer } from '../../lib/operate/answers.ts';
import { lasting, utc } from '../durations.ts';
import { sized } from '../sizes.ts';
import { clusterHead, counted, ends, type Frame, modeText, pauseLines, since } from './blocks.ts';
import { verdictColour } from './paint.ts';
import { table } from './table.ts';
import { shortened, wrapped } from './text.ts';

/** The answer to `status` as lines of at most 80 columns. */
export const showStatus = ({ clusters, cut }: StatusAnswer, frame: Frame): readonly string[] => [
  ...clusters.flatMap((cluster) => [...clusterLines(cluster, frame), '']),
  ...cutLines(cut, 'job', frame),
  summary(clusters),
];

/** Nothing here needs a person: not held, not paused, nothing open, all of it known. */
export const isFine = ({ clusters, cut }: StatusAnswer): boolean =>
  cut === undefined &&
  clusters.every(
    ({ rung, pause, incidents, jobs }) =>
      rung !== 'unknown' &&
      rung !== 'ecs' &&
      pause === undefined &&
      !incidents.some(isOpen) &&
      jobs.every((job) => job.verdict !== 'hold' && job.pause === undefined && !job.incidents.some(isOpen)),
  );

export const cutLines = (cut: number | undefined, what: string, frame: Frame): readonly string[] =>
  cut === undefined
    ? []
    : [
        ...wrapped(`${counted(cut, what)} did not fit into one answer: name a cluster or a job.`),
        ...ends(frame, 'status CLUSTER/JOB'),
        '',
      ];

/** One cluster with its jobs. */
export const clusterLines = (cluster: ClusterStatus, frame: Frame): readonly string[] => {
  const { busy, incidents, orders, left, jobs } = cluster;
  return [
    ...clusterHead(cluster, frame),
    ...(busy === undefined ? [] : wrapped('a pass is under way: this may be a moment old', '    ', '  ')),
    ...incidents.flatMap((incident) => incidentLines(incident, frame)),
    ...orders.flatMap((order) => orderLines(order, frame)),
    ...jobLines(cluster, jobs, frame),
    ...foreignLines(cluster, frame),
    ...(left.length === 0 ? [] : wrapped(`remembered, no longer in the manifest: ${left.join(', ')}`, '    ', '  ')),
  ];
};

const MARKS: Readonly<Record<string, string>> = {
  hold: '!',
  wait: '~',
  act: '>',
  would: '>',
  steady: '●',
  done: '✓',
  off: '-',
};

const jobLines = ({ cluster }: ClusterStatus, jobs: readonly JobStatus[], frame: Frame): readonly string[] => {
  if (jobs.length === 0) return [];
  const columns = [
    { title: 'JOB', shrink: true },
    { title: 'N' },
    { title: 'FLINK JOB' },
    { title: 'SINCE' },
    { title: 'SEEN', shrink: true },
    { title: 'DECIDED' },
  ] as const;
  const { head, lines } = table(
    columns,
    jobs.map((job) => cellsOf(job, frame)),
    '  ',
  );
  return [
    frame.paint(head, 'dim'),
    ...jobs.flatMap((job, index) => {
      const mark = frame.paint(MARKS[job.verdict] ?? ' ', ...verdictColour(job.verdict));
      return [mark + (lines[index] ?? '').slice(1), ...detailsOf(cluster, job, frame)];
    }),
  ];
};

/** Our ids share their first half; the end tells them apart. */
const ID_COLUMNS = 13;

const cellsOf = ({ job, remembered, seen, verdict }: JobStatus, { atMs }: Frame): readonly string[] => {
  if (remembered === undefined) return [job, '-', '-', '-', seen, verdict];
  const { attempt, jobId, sinceMs, end } = remembered;
  const fromMs = end?.atMs ?? sinceMs;
  const age = fromMs === undefined ? '-' : lasting(atMs - fromMs);
  return [job, String(attempt), shortened(jobId, ID_COLUMNS), age, seen, verdict];
};

const detailsOf = (cluster: string, job: JobStatus, frame: Frame): readonly string[] => {
  const place = `${cluster}/${job.job}`;
  const { verdict, because, pause, drift, healing, left, incidents, orders, mode } = job;
  const keys = drift?.keys.join(', ') ?? '';
  return [
    ...(verdict === 'steady' ? [] : wrapped(because, '    ')),
    ...(mode.mode === 'run' ? [] : wrapped(modeText(mode).slice(3), '    ')),
    ...pauseLines(pause, place, frame, '    '),
    ...(drift === undefined
      ? []
      : [
          ...wrapped(`DRIFT: it runs another entry than the manifest has (${keys}). It goes on so until:`, '    '),
          ...ends(frame, `apply ${place}`),
        ]),
    ...healingLines(healing),
    ...leftLines(left),
    ...incidents.flatMap((incident) => incidentLines(incident, frame, verdict === 'steady' ? undefined : because)),
    ...orders.flatMap((order) => orderLines(order, frame)),
  ];
};

/** How often it was started again because it failed, and may be. */
const healingLines = (healing: JobStatus['healing']): readonly string[] => {
  if (healing === undefined) return [];
  const { spent, restarts, notBeforeMs } = healing;
  const next = spent < restarts && notBeforeMs !== undefined ? `, the next one not before ${utc(notBeforeMs)} UTC` : '';
  return wrapped(`HEALING: ${spent} of ${restarts} restarts spent${next}`, '    ');
};

/** `garbage` of the manifest says what becomes of it. */
const leftLines = (left: readonly Left[] = []): readonly string[] => {
  if (left.length === 0) return [];
  const bytes = left.reduce((sum, each) => sum + each.bytes, 0);
  const more = left.some((each) => each.more) ? 'at least ' : '';
  const [where = ''] = left.map(({ path }) => path.slice(0, path.lastIndexOf('/')));
  return wrapped(
    `LEFT by earlier attempts, needed no more: ${more}${sized(bytes)} in ${left.length} of the directories of ${where} (\`garbage: delete\` in the manifest deletes it)`,
    '      ',
    '    ',
  );
};

const isOpen = ({ state }: Incident): boolean => state === 'open';

/** `said`: what stands above it already. */
const incidentLines = (incident: Incident, frame: Frame, said?: string): readonly string[] => {
  const { code, what, next, fix, firstSeenMs } = incident;
  if (!isOpen(incident)) return wrapped(`not told yet: ${code} since ${since(firstSeenMs, frame)}`, '    ');
  return [
    `    ${frame.paint('OPEN', 'red')} ${frame.paint(code, 'bold')} since ${since(firstSeenMs, frame)}`,
    ...(what === said ? [] : wrapped(what, '      ')),
    ...wrapped(`Next: ${next}`, '      '),
    ...wrapped(`You can: ${fix}`, '      '),
    `      docs/runbook/${code}.md`,
  ];
};

/** An order that no pass has taken yet. */
export const orderLines = ({ kind, who, why, jobId, atMs, expiresMs, id }: Order, frame: Frame): readonly string[] => {
  const of = jobId === undefined ? '' : ` ${jobId}`;
  const left = expiresMs > frame.atMs ? `dropped in ${lasting(expiresMs - frame.atMs)}` : 'expired';
  return wrapped(
    `ORDER ${kind}${of} by ${who}, ${lasting(frame.atMs - atMs)} ago, ${left} (${id}): ${why}`,
    '      ',
    '    ',
  );
};

const foreignLines = ({ cluster, foreign }: ClusterStatus, frame: Frame): readonly string[] => {
  if (foreign.length === 0) return [];
  const text = 'live on the cluster and not a job of the manifest; each is one of its jobs, or another:';
  const rows = foreign.map(({ jobId, state, name }) => [jobId, state, name]);
  const columns = [{ title: 'FLINK JOB' }, { title: 'STATE' }, { title: 'NAME', shrink: true }] as const;
  return [
    ...wrapped(text, '    ', '  '),
    ...table(columns, rows, '    ').lines,
    ...ends(frame, `adopt ${cluster}/JOB --flink-job ID`),
    ...ends(frame, `ignore ${cluster}/JOB --flink-job ID`),
  ];
};

const summary = (clusters: readonly ClusterStatus[]): string => {
  const jobs = clusters.flatMap((cluster) => cluster.jobs);
  const verdicts = [...new Set(jobs.map(({ verdict }) => verdict))];
  const each = verdicts.map((verdict) => `${jobs.filter((job) => job.verdict === verdict).length} ${verdict}`);
  const open = [...clusters, ...jobs].flatMap(({ incidents }) => incidents).filter(isOpen).length;
  return `${counted(jobs.length, 'job')}${each.length === 0 ? '' : `: ${each.join(', ')}`} · ${counted(open, 'open incident')}`;
};
