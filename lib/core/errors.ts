/** What went wrong, sorted by what may be done about it: the kind decides, the text never does. */
export type FaultKind =
  /** Surely not done: may be tried again inside the deadline. */
  | 'transient'
  /** Maybe done: never tried again, looked at instead. */
  | 'unknown-outcome'
  /** Someone else won: stop quietly. */
  | 'conflict'
  /** Understood and refused. */
  | 'rejected'
  /** Our input, or what a foreign side sent, is wrong. */
  | 'invalid'
  /** An invariant broke: stop this job's work, loudly. */
  | 'bug';

/** The only error that crosses a border between our files. `code` is stable, `message` is for people. */
export class Fault extends Error {
  readonly kind: FaultKind;
  readonly code: string;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(
    kind: FaultKind,
    code: string,
    message: string,
    { cause, context = {} }: { cause?: unknown; context?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'Fault';
    this.kind = kind;
    this.code = code;
    this.context = context;
  }
}

/** What was thrown, as a Fault: anything that is not one is a bug of ours. */
export const asFault = (thrown: unknown): Fault =>
  thrown instanceof Fault
    ? thrown
    : new Fault('bug', 'UNEXPECTED', thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });

/**
 * Our way to a JobManager is refused: a wrong password, TLS, a secret that cannot be read. Only a person ends it, and asking
 * again and again gets accounts locked.
 */
export const isAccessRefused = (code: string | undefined): boolean => ACCESS_REFUSED.has(code);

/** Our way to who leads is refused, or what stands there is not Flink's: only a person ends it. */
export const isLeaderRefused = (code: string | undefined): boolean => LEADER_REFUSED.has(code);

const LEADER_REFUSED: ReadonlySet<string | undefined> = new Set([
  'LEADER_DENIED',
  'LEADER_UNPARSABLE',
  'SECRET_MISSING',
  'SECRET_DENIED',
]);

const ACCESS_REFUSED: ReadonlySet<string | undefined> = new Set([
  'FLINK_DENIED',
  'FLINK_TLS',
  'SECRET_MISSING',
  'SECRET_DENIED',
]);
