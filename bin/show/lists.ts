import type { HistoryAnswer, OrderAnswer, OrdersAnswer } from '../../lib/operate/answers.ts';
import { lasting, utc } from '../durations.ts';
import { ends, type Frame } from './blocks.ts';
import { clusterLines, cutLines } from './status.ts';
import { table } from './table.ts';
import { shortened, wrapped } from './text.ts';

const ID_COLUMNS = 13;

/** The answer to `history`, newest first. */
export const showHistory = ({ entries, olderThanMs }: HistoryAnswer, frame: Frame): readonly string[] => {
  if (entries.length === 0) return ['Nothing was done yet, or nothing that is still kept.'];
  const columns = [
    { title: 'UTC' },
    { title: 'JOB', shrink: true },
    { title: 'N' },
    { title: 'FLINK JOB' },
    { title: 'WHAT' },
  ] as const;
  const rows = entries.map(({ atMs, cluster, job, attempt, jobId, what }) => [
    utc(atMs),
    placeOf(cluster, job),
    attempt === 0 ? '-' : String(attempt),
    jobId === '' ? '-' : shortened(jobId, ID_COLUMNS),
    what,
  ]);
  const { head, lines } = table(columns, rows);
  return [
    frame.paint(head, 'dim'),
    ...entries.flatMap(({ because }, index) => [
      lines[index] ?? '',
      ...(because === '' ? [] : wrapped(because, '    ')),
    ]),
    ...(olderThanMs === undefined ? [] : ['', `older: --before ${new Date(olderThanMs).toISOString()}`]),
  ];
};

/** The answer to `orders`. */
export const showOrders = ({ orders, cut }: OrdersAnswer, frame: Frame): readonly string[] => {
  if (orders.length === 0) return ['No order is open.'];
  const columns = [
    { title: 'ORDER' },
    { title: 'FOR', shrink: true },
    { title: 'GIVEN' },
    { title: 'DROPPED IN' },
    { title: 'BY', shrink: true },
  ] as const;
  const rows = orders.map(({ kind, cluster, job, atMs, expiresMs, who }) => [
    kind,
    placeOf(cluster, job),
    `${lasting(frame.atMs - atMs)} ago`,
    expiresMs > frame.atMs ? lasting(expiresMs - frame.atMs) : 'expired',
    who,
  ]);
  const { head, lines } = table(columns, rows);
  return [
    frame.paint(head, 'dim'),
    ...orders.flatMap(({ why, id, jobId }, index) => [
      lines[index] ?? '',
      ...wrapped(`${id}${jobId === undefined ? '' : `, Flink job ${jobId}`}: ${why}`, '    '),
    ]),
    ...cutLines(cut, 'order', frame),
  ];
};

/** What came of an order. */
export const showOrder = ({ order, came, because, entries, status }: OrderAnswer, frame: Frame): readonly string[] => {
  const { kind, cluster, job, id, expiresMs } = order;
  const place = placeOf(cluster, job);
  const about = {
    taken: 'taken',
    dropped: `dropped: ${because}`,
    open: `written, not taken yet: ${because}`,
    unknown: `written, and it is not known what came of it: ${because}`,
  }[came];
  const left = `It is dropped if it is not taken within ${lasting(expiresMs - frame.atMs)}:`;
  return [
    ...wrapped(`${kind} ${place}: ${about} (order ${id}).`, '  ', ''),
    ...(came === 'open' ? [...wrapped(left, '  '), ...ends(frame, `orders ${place}`)] : []),
    ...(came === 'unknown' ? [`orders ${place}`, `history ${place}`].flatMap((words) => ends(frame, words)) : []),
    ...entries
      .toReversed()
      .flatMap(({ atMs, what, because: why }) =>
        wrapped(`${utc(atMs)} UTC ${what}${why === '' ? '' : `: ${why}`}`, '    ', '  '),
      ),
    ...(status === undefined ? [] : ['', ...clusterLines(status, frame)]),
  ];
};

/** An entry of the cluster itself names no job. */
const placeOf = (cluster: string, job = ''): string => (job === '' ? cluster : `${cluster}/${job}`);
