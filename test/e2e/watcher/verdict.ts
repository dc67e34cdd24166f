import { isKnown, isLive, type JobSeen, type Late, type ProcessRecord, type Sample, type Watched } from './samples.ts';

/** The longest time for which the state of a listening JobManager may be unknown. */
export const GAP_MAX_MS = 250;

/** The longest time for which the watch itself may not look; a gap is counted without it. A second copy stays for longer: nobody ends it. */
export const LATE_MAX_MS = 1_000;

/** What the watch since `fromMs` (epoch) comes to. Empty `red`: never two live copies of one job name, and nothing overlooked. */
export const verdictOf = ({ records, untilMs, late }: Watched, fromMs: number): Verdict => {
  const looked = records.filter(({ endedAtMs }) => endedAtMs === undefined || endedAtMs >= fromMs);
  const gaps = looked.flatMap((record) => gapsOf(record, fromMs, untilMs)).map((gap) => withoutLate(gap, late));
  const longestLateMs = Math.max(0, ...late.filter((each) => each.untilMs >= fromMs).map(lengthOf));
  const samples = looked.flatMap((record) => record.samples.filter((sample) => sample.answeredAtMs >= fromMs));
  const answered = samples.filter(({ answer }) => answer.kind === 'jobs').length;
  return {
    red: [
      ...(answered === 0 ? ['no JobManager was seen at all'] : []),
      ...looked.flatMap(lateStart),
      ...gaps.filter(({ ms }) => ms > GAP_MAX_MS).map(gapText),
      ...(longestLateMs > LATE_MAX_MS ? [`the watch itself did not look for ${Math.round(longestLateMs)} ms`] : []),
      ...doublesOf(looked, fromMs).map(doubleText),
    ],
    samples: samples.length,
    answered,
    processes: looked.length,
    longestGapMs: Math.max(0, ...gaps.map(({ ms }) => ms)),
    longestLateMs,
  };
};

export type Verdict = {
  /** One sentence for each thing that must not be. */
  readonly red: readonly string[];
  readonly samples: number;
  /** Samples in which jobs were listed. */
  readonly answered: number;
  readonly processes: number;
  readonly longestGapMs: number;
  readonly longestLateMs: number;
};

type Gap = { readonly record: ProcessRecord; readonly ms: number; readonly atMs: number };

/** From one moment at which the state was known to the next, while the process lives and listens. */
const gapsOf = (record: ProcessRecord, fromMs: number, untilMs: number): Gap[] => {
  const known = record.samples.filter(isKnown);
  const lastEndMs = shutFrom(record) ?? record.endedAtMs ?? untilMs;
  const ends = [...known.slice(1).map(({ answeredAtMs }) => answeredAtMs), lastEndMs];
  return known.flatMap((sample, index) => {
    const endMs = Math.min(ends[index] ?? untilMs, lastEndMs);
    if (!listens(sample) || endMs < fromMs) return [];
    return [{ record, ms: endMs - sample.answeredAtMs, atMs: sample.answeredAtMs }];
  });
};

const withoutLate = (gap: Gap, late: readonly Late[]): Gap => {
  const own = late.map(({ fromMs, untilMs }) =>
    lengthOf({ fromMs: Math.max(fromMs, gap.atMs), untilMs: Math.min(untilMs, gap.atMs + gap.ms) }),
  );
  return { ...gap, ms: gap.ms - own.reduce((sum, ms) => sum + Math.max(0, ms), 0) };
};

const lengthOf = ({ fromMs, untilMs }: Late): number => untilMs - fromMs;

/**
 * Since when a process that has ended was shutting down: from then on it hung up on everybody, perhaps until it listened no
 * more (for up to 5 s, Flink's own limit). It takes no submission any more, and what it ran counts as live until it is dead.
 */
const shutFrom = ({ samples, endedAtMs }: ProcessRecord): number | undefined => {
  const after = samples.slice(samples.findLastIndex(listens) + 1);
  return endedAtMs !== undefined && after.every(({ answer }) => answer.kind === 'hung-up' || answer.kind === 'refused')
    ? after[0]?.answeredAtMs
    : undefined;
};

const listens = ({ answer }: Sample): boolean => answer.kind === 'jobs' || answer.kind === 'no-leader';

/** A process that already listened when it was first asked has a past that nobody saw. */
const lateStart = ({ process, samples }: ProcessRecord): string[] => {
  const first = samples.find(isKnown);
  return first === undefined || first.answer.kind === 'refused' || first.answer.kind === 'no-leader'
    ? []
    : [`${process.address} listened before it was watched`];
};

/**
 * Every moment since `fromMs` at which a job name had live copies under more than one id: where JobManagers answer for their
 * leader, one copy is seen on each of them.
 */
export const copiesOf = ({ records }: Pick<Watched, 'records'>, fromMs: number): readonly string[] =>
  doublesOf(records, fromMs)
    .filter(({ copies }) => new Set(copies.map(({ job }) => job.jobId)).size > 1)
    .map(doubleText);

/** The same where each JobManager is a cluster of its own: two of them that list one id are two copies, too. */
export const allCopiesOf = ({ records }: Pick<Watched, 'records'>, fromMs: number): readonly string[] =>
  doublesOf(records, fromMs).map(doubleText);

type Copy = { readonly job: JobSeen; readonly record: ProcessRecord };
type Double = { readonly atMs: number; readonly copies: readonly Copy[] };

/** Every moment at which a job name newly has more than one live copy over all processes. */
const doublesOf = (records: readonly ProcessRecord[], fromMs: number): Double[] => {
  const live = new Map<ProcessRecord, readonly JobSeen[]>();
  const told = new Set<string>();
  return momentsOf(records).flatMap(({ atMs, record, jobs }) => {
    live.set(record, jobs.filter(isLive));
    const copies = [...live].flatMap(([of, its]) => its.map((job) => ({ job, record: of })));
    const byName = Map.groupBy(copies, ({ job }) => job.name);
    return [...byName.values()].flatMap((same) => {
      const key = same.map(({ job, record: of }) => `${of.process.taskArn} ${of.process.pid} ${job.jobId}`).join();
      if (same.length < 2 || atMs < fromMs || told.has(key)) return [];
      told.add(key);
      return [{ atMs, copies: same }];
    });
  });
};

type Moment = { readonly atMs: number; readonly record: ProcessRecord; readonly jobs: readonly JobSeen[] };

/** What each answer changes. A process that listens no more keeps its jobs until it is dead. */
const momentsOf = (records: readonly ProcessRecord[]): Moment[] =>
  records
    .flatMap((record) => [
      ...record.samples.flatMap(({ answer, answeredAtMs: atMs }) =>
        answer.kind === 'jobs' ? [{ atMs, record, jobs: answer.jobs }] : [],
      ),
      ...(record.endedAtMs === undefined ? [] : [{ atMs: record.endedAtMs, record, jobs: [] }]),
    ])
    .sort((one, other) => one.atMs - other.atMs);

const gapText = ({ record, ms, atMs }: Gap): string =>
  `${record.process.address} was not known for ${Math.round(ms)} ms from ${clock(atMs)}`;

const doubleText = ({ atMs, copies }: Double): string => {
  const list = copies.map(({ job, record }) => `${job.jobId} ${job.state} on ${record.process.address}`);
  return `${copies.length} live copies of ${copies[0]?.job.name} at ${clock(atMs)}: ${list.join(', ')}`;
};

/** A time of day, as the logs have it. */
export const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 23);
