/** How much a seed has of everything, which is what it costs. */
export type Pace = {
  /** How many jobs the first manifest has; at most as many as there are names. */
  readonly jobs: Choice;
  /** The chance that they are on two clusters. */
  readonly two: number;
  /** How many episodes of trouble. */
  readonly episodes: Choice;
  /** How long each of them lasts, of which the last one stands for all further ones, too. */
  readonly troubleMs: readonly [Range, ...(readonly Range[])];
  /** Between the first episode and the last. */
  readonly quietMinutes: Range;
  /** Between two ticks of the quiet. */
  readonly tickMinutes: Range;
  /** Between two ticks of the calm while all that is missing is an end that time brings; absent: each minute has its tick. */
  readonly waitMinutes?: Range;
  /** The same while something has to last before it is told: looks further apart than `patienceGapMs` would not show that it does. */
  readonly patienceMinutes?: Range;
  /** How long an event's function may take, which it uses while there is anything to wait for. */
  readonly eventLimitMs: Choice;
  /** How often a job takes a checkpoint. */
  readonly checkpointMs: Range;
  /** One seed of so many is looked at once more at its end: a pass again as it was (I11), and another one when nothing has changed (I12). */
  readonly lastLookEvery: number;
};

/** Each as likely as any other one. */
type Choice = readonly [number, ...(readonly number[])];

/** From the first one up to the second, which is not in it. */
type Range = readonly [number, number];

export const usualPace: Pace = {
  jobs: [3, 4, 5],
  two: 0.12,
  episodes: [2, 2, 3],
  troubleMs: [[80_000, 180_000]],
  quietMinutes: [110, 150],
  tickMinutes: [20, 80],
  eventLimitMs: [180_000, 100_000, 70_000],
  checkpointMs: [5_000, 60_000],
  lastLookEvery: 1,
};

/** Half of all that. */
export const halfPace: Pace = {
  jobs: [2, 3, 3],
  two: 0.05,
  episodes: [2],
  // Most of what happens is worst where jobs have run for a while.
  troubleMs: [
    [30_000, 60_000],
    [80_000, 120_000],
  ],
  quietMinutes: [113, 122],
  tickMinutes: [80, 122],
  waitMinutes: [3, 6],
  eventLimitMs: [70_000],
  checkpointMs: [5_000, 60_000],
  lastLookEvery: 1,
};

/** A third, so that three times as many seeds are run in the same time; every fifth world has one job. */
export const lightPace: Pace = {
  ...halfPace,
  jobs: [1, 2, 3, 3, 3],
  two: 0.04,
  troubleMs: [
    [12_000, 26_000],
    [39_000, 69_000],
  ],
  quietMinutes: [110, 119],
  waitMinutes: [4, 8],
  patienceMinutes: [2, 3],
  lastLookEvery: 8,
};

/** A look each minute, also in the quiet: what lasts for minutes is seen from its beginning to its end. */
export const closePace: Pace = { ...usualPace, episodes: [2], quietMinutes: [40, 60], tickMinutes: [1, 2] };

/** A day with its looks, which come each minute. */
export const dayPace: Pace = { ...usualPace, jobs: [3], two: 0, episodes: [1], troubleMs: [[86_400_000, 86_460_000]] };
