import type { Guard } from './guard.ts';

/** What keeps a job from starting without its state, or from an older one. */
export const ofState: readonly Guard[] = [
  {
    name: 'unknown-not-none',
    what: 'Snapshots that cannot be listed are not none.',
    file: 'lib/snapshots/with-snapshots.ts',
    text: 'return { ...observation, snapshots: Object.fromEntries(found) };',
    instead:
      'return { ...observation, snapshots: Object.fromEntries(found.map(([job, each]) => [job, each.known ? each : { known: true, value: { found: [], directories: ["s3://"], highest: 0 } }])) };',
    profile: 'unreadable',
  },
  {
    name: 'newest-first',
    what: 'Of several snapshots the newest is taken.',
    file: 'lib/core/state/restore.ts',
    text: 'const [newest] = left;',
    instead: 'const newest = left.at(-1);',
    profile: 'stateful',
  },
  {
    name: 'own-lineage',
    what: 'Only directories that begin with the lineage’s id are the job’s.',
    file: 'lib/snapshots/find-snapshots.ts',
    text: 'const listed = await files.children(dir, job.lineage, deadlineMs);',
    instead: "const listed = await files.children(dir, '', deadlineMs);",
    also: [
      {
        file: 'lib/core/identity.ts',
        text: 'jobId.length === 32 && jobId.startsWith(lineage)',
        instead: 'jobId.length === 32 && lineage.length > 0',
      },
    ],
    profile: 'stateful',
  },
  {
    name: 'proven-source',
    what: 'A snapshot counts only when its metadata is there and readable.',
    file: 'lib/snapshots/complete-snapshots.ts',
    text: 'if (head === undefined || (snapshot.id !== undefined && snapshot.id !== head.id)) return undefined;',
    instead: 'if (head === undefined) return { ...snapshot, id: snapshot.id ?? 0, atMs: snapshot.atMs ?? 0 };',
    profile: 'stateful',
  },
  {
    name: 'refused-steps-back',
    what: 'A snapshot that Flink refused is not tried again.',
    file: 'lib/core/state/restore.ts',
    text: 'search.value.found.filter(({ path }) => !holdsPath(refused, path))',
    instead: 'search.value.found.filter(({ path }) => path !== "" || !holdsPath(refused, path))',
    profile: 'choosy',
  },
  {
    name: 'restore-depth',
    what: 'Only so many refused snapshots are stepped over.',
    file: 'lib/core/state/restore.ts',
    text: 'if (refused.length > depth)',
    instead: 'if (refused.length > depth + 1_000)',
    profile: 'choosy',
  },
  {
    name: 'state-required',
    what: 'A job that had state, of which nothing is left, is held.',
    file: 'lib/core/state/restore.ts',
    text: 'const needed = whyRequired(attempts, refused, search.value.directories);',
    instead:
      'const needed = attempts.length < 0 ? whyRequired(attempts, refused, search.value.directories) : undefined;',
    profile: 'stateful',
  },
  {
    name: 'trigger-once',
    what: 'A savepoint is asked for again under the same trigger alone.',
    file: 'lib/core/ending.ts',
    text: 'const triggerId = stop.triggerId ?? drawnTrigger(job, attempt, context);',
    instead: 'const triggerId = drawnTrigger(job, attempt, context);',
    profile: 'belated',
  },
  {
    name: 'ids-above',
    what: 'A lost or older table knows fewer attempts than the file store: their ids are never used again.',
    file: 'lib/core/start.ts',
    text: 'const above = search?.known ? search.value.highest : 0;',
    instead: 'const above = search?.known ? 0 : 0;',
    profile: 'forgetful',
  },
  {
    name: 'leftovers',
    what: 'Files of an attempt that the table lost tell that the job may have had state.',
    file: 'lib/core/state/rebuilt.ts',
    text: 'if (written === undefined || ',
    instead: 'if (written === undefined || memory.attempts.length >= 0 || ',
    profile: 'forgetful',
  },
  {
    name: 'unheard-state',
    what: 'Who ran for long, and of whose checkpoints nobody heard, may have had state.',
    file: 'lib/core/state/restore.ts',
    text: 'mayHaveState(attempt) && isLongUnheard(attempt)',
    instead: 'mayHaveState(attempt) && attempt.n < 0 && isLongUnheard(attempt)',
    profile: 'fleeting',
  },
];
