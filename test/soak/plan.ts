import { createRandom, type Random } from '../support/virtual-time.ts';

/** Draws round after round of trouble: the same for the same seed. `isLed`: several JobManagers are one cluster. */
export const createPlan = (seed: number, isLed: boolean): (() => Round) => {
  const random = createRandom(seed);
  const kinds = isLed ? [...EVERYWHERE, ...ONLY_LED] : EVERYWHERE;
  const left: Kind[] = [];
  /** Each kind comes once before any comes again, so that a short run meets many. */
  const kind = (): Kind => {
    if (left.length === 0) left.push(...shuffled(kinds, random));
    return left.pop() ?? kinds[0];
  };
  const one = (): Trouble => {
    const what = kind();
    return { what, forMs: LASTING.has(what) ? lengthOf(random) : 0 };
  };
  return () => {
    const first = one();
    const beside = random.chance(BESIDE) ? { ...one(), afterMs: random.between(0, BESIDE_AFTER_MS) } : undefined;
    const restMs = random.between(...REST_MS);
    return { first, restMs, ...(beside === undefined ? {} : { beside }) };
  };
};

/** One trouble, or two that begin one after the other; then all is left alone until it has settled, and a while more. */
export type Round = {
  readonly first: Trouble;
  readonly beside?: Trouble & { readonly afterMs: number };
  readonly restMs: number;
};

/** `forMs`: how long it lasts; 0 for what is done in a moment. */
export type Trouble = { readonly what: Kind; readonly forMs: number };

const EVERYWHERE = [
  'all JobManagers are killed',
  'a JobManager is stopped through ECS',
  'all TaskManagers are killed',
  'the functions die as soon as they live',
  'a JobManager is frozen',
  'the functions are cut off from Flink',
  'no event arrives',
] as const;

const ONLY_LED = ['the leader is killed', 'ZooKeeper is away', 'the functions are cut off from ZooKeeper'] as const;

export type Kind = (typeof EVERYWHERE)[number] | (typeof ONLY_LED)[number];

const LASTING: ReadonlySet<Kind> = new Set([
  'the functions die as soon as they live',
  'a JobManager is frozen',
  'the functions are cut off from Flink',
  'no event arrives',
  'ZooKeeper is away',
  'the functions are cut off from ZooKeeper',
]);

const BESIDE = 0.5;
const BESIDE_AFTER_MS = 20_000;
const REST_MS = [2_000, 30_000] as const;

/** Nobody's worry, or so long that a person is told: a view that fails has 90 s from the next look of the schedule on. */
const lengthOf = (random: Random): number =>
  random.chance(0.75) ? random.between(2_000, 30_000) : random.between(160_000, 220_000);

const shuffled = (kinds: readonly Kind[], random: Random): readonly Kind[] =>
  kinds
    .map((kind) => ({ kind, at: random.next() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ kind }) => kind);
