import * as z from 'zod/mini';
import { defaults } from '../core/defaults.ts';
import { directory } from './directory.ts';
import { healingSchema } from './healing-schema.ts';
import { healthSchema } from './health-schema.ts';
import { choice, flag, list, mapping, optional, text, usually, whole } from './values.ts';

/** A name is used as an item key, in log lines and in message attributes: letters, digits, `.`, `_`, `-`. */
export const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const NAME_EXPECTED = `a name of at most 64 letters, digits, '.', '_' or '-'`;
/** `*`, `?` and `$` would be wildcards or variables in the permission that is made of it; a baked jar is one file name in a URL. */
const JAR =
  /^(s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/(?!\/)[^*?$\p{Cc}]{1,1020}|image:[A-Za-z0-9][A-Za-z0-9._-]{0,199})\.jar$/u;
const JAR_PATH = /^(file:|local:)?\/.*?([^/]+\.jar)$/;
const JAVA_CLASS = /^[\p{L}_$][\p{L}\p{N}_$]*(\.[\p{L}_$][\p{L}\p{N}_$]*)*$/u;
const FLINK_NAME = new RegExp(`^(?=[\\s\\S]*\\S)[\\s\\S]{1,${defaults.flinkNameMax}}$`);
/** Keys take no references, and none of Flink’s has a space. */
const FLINK_KEY = /^[^\s{}]+$/;
/** Flink's own upper bound of a job's parallelism. */
const PARALLELISM_MAX = 32_768;
const PRIORITY_MAX = 1_000;
/** Snapshots that Flink keeps are few; each step costs a submission. */
const RESTORE_DEPTH_MAX = 9;

export const MODES = ['run', 'watch', 'dry-run'] as const;

/** A jar by its path in the image is understood, and the way to it explained: Flink runs only what lies in its upload folder. */
const bakedAdvice = (found: string): string | undefined => {
  const file = JAR_PATH.exec(found)?.[2];
  if (file === undefined) return undefined;
  return `image:${file}, with the jar (or a link to it) baked into the image as <web.upload.dir>/flink-web-upload/${file}; or s3://bucket/key.jar`;
};

/** A savepoint is a whole copy of the state: more often than each ten minutes is a checkpoint's business. */
const EVERY = /^([1-9]\d{1,4}m|[1-9]\d{0,3}h|[1-9]\d{0,2}d)$/;
/** The ledger holds two more of each attempt. */
const KEEP_MAX = defaults.savepointsMax - 2;

export const savepointsShape = {
  every: text(EVERY, 'a time such as 12h or 1d, at least 10m', 'A savepoint is taken this often.'),
  keep: usually(
    'all',
    whole(
      [1, KEEP_MAX],
      7,
      'So many of the autopilot’s own are kept, and older ones deleted, but never one that the job was started from.',
    ),
  ),
};

export const jobShape = {
  name: text(NAME, NAME_EXPECTED, 'The job’s name in every log line, alert and item.'),
  jar: text(
    JAR,
    's3://bucket/key.jar, without *, ? or $, or image:NAME.jar',
    'Where the jar is. Of `s3://bucket/key.jar` the newest version is taken when the job is submitted; `image:NAME.jar` is baked into the JobManager’s image, as `<web.upload.dir>/flink-web-upload/NAME.jar`.',
    bakedAdvice,
  ),
  mainClass: z.exactOptional(
    text(
      JAVA_CLASS,
      'a Java class, such as com.example.Main',
      'The class to run; otherwise the jar’s manifest names it.',
    ),
  ),
  args: optional(
    [],
    list(
      z.string({ error: 'text; put it in quotes, or YAML changes it (1.10 becomes 1.1)' }),
      'a list of texts, such as ["--rate", "100"]',
      'Arguments of `main()`, one item for each word.',
    ),
  ),
  parallelism: z.exactOptional(
    whole([1, PARALLELISM_MAX], 2, 'Parallelism of the job; otherwise what the jar or the cluster says.'),
  ),
  slots: z.exactOptional(
    whole([1, PARALLELISM_MAX], 2, 'Free task slots to wait for before submitting; otherwise `parallelism`, else 1.'),
  ),
  flinkConfiguration: optional({}, flinkConfiguration()),
  flinkName: z.exactOptional(
    text(
      FLINK_NAME,
      `the name the job has on Flink, not empty, at most ${defaults.flinkNameMax} characters`,
      'The job’s name on Flink (what it passes to `execute`). It also says that live jobs of other names are not this one, which ends the hold of a first submission on a busy cluster.',
    ),
  ),
  state: z.exactOptional(
    choice(
      ['required', 'preferred', 'none'],
      '`required`: once it had state it is never started without, and held where no snapshot is left; so it is without this key. `preferred`: then it starts empty, which is told. `none`: it keeps nothing worth restoring and always starts empty.',
    ),
  ),
  checkpointDir: z.exactOptional(directory('As for a cluster, where this job’s checkpoints lie elsewhere.')),
  savepointDir: z.exactOptional(directory('As for a cluster, where this job’s savepoints lie elsewhere.')),
  savepoints: z.exactOptional(
    mapping(
      savepointsShape,
      'a mapping such as { every: 24h, keep: 7 }',
      'Savepoints that are taken by themselves, while the job runs on.',
    ),
  ),
  garbage: z.exactOptional(
    choice(
      ['keep', 'delete'],
      '`delete`: checkpoint directories of the job’s earlier attempts are deleted once a newer attempt has a checkpoint of its own, except the one it was started from and what is newer than that; after an empty start only where `start-empty` was ordered. `keep`, as without it: `status` shows their size.',
    ),
  ),
  restoreDepth: z.exactOptional(
    whole(
      [0, RESTORE_DEPTH_MAX],
      2,
      `So many older snapshots are tried where Flink refuses the newest; otherwise ${defaults.restoreDepth}.`,
    ),
  ),
  claimMode: z.exactOptional(
    choice(
      ['NO_CLAIM', 'CLAIM'],
      '`NO_CLAIM`: the files of the snapshot that it starts from are left alone; so it is without this key. `CLAIM`: they become the new job’s, and Flink deletes them when it needs them no more.',
    ),
  ),
  allowNonRestoredState: z.exactOptional(
    flag('`true`: state of operators that the job has no more is dropped. Without it Flink refuses the snapshot.'),
  ),
  bounded: z.exactOptional(
    flag('`true`: the job ends by itself; gone from the process that ran it counts as finished.'),
  ),
  after: z.exactOptional(
    list(
      text(NAME, 'the name of another job of this cluster', 'A job.'),
      'a list of job names',
      'Jobs of this cluster that have to run, or to have finished, before this one is submitted.',
    ),
  ),
  priority: z.exactOptional(
    whole(
      [-PRIORITY_MAX, PRIORITY_MAX],
      10,
      'When slots are short the higher one goes first; otherwise 0. Equal ones go in the order of this file.',
    ),
  ),
  mode: z.exactOptional(
    choice(MODES, 'As for a cluster, for this job alone. Where both say something, the one that does less counts.'),
  ),
  health: z.exactOptional(healthSchema),
  healing: z.exactOptional(healingSchema),
  enabled: optional(true, flag('`false`: the job is neither submitted nor alerted about.')),
};

export const jobSchema = mapping(jobShape, 'a job: a mapping with at least name and jar');

/** Flink takes text only, so numbers and booleans become text; a number that YAML has already rounded is refused. */
function flinkConfiguration() {
  const error =
    'text, a number or true/false, with the whole Flink key in one piece (execution.checkpointing.interval: 10 s)';
  const exact = z.number({ error }).check(
    z.refine((n) => !Number.isInteger(n) || Number.isSafeInteger(n), {
      error: 'this number in quotes: it is too large for YAML',
    }),
  );
  const value = z.pipe(z.union([z.string(), exact, z.boolean()], { error }), z.transform(String));
  const expected = 'a mapping from Flink’s keys to values';
  return z
    .record(
      z.string().check(z.regex(FLINK_KEY, { error: 'a key of Flink, such as execution.checkpointing.interval' })),
      value,
      { error: expected },
    )
    .check(z.meta({ description: 'Flink configuration of this job alone, sent with its submission.', expected }));
}
