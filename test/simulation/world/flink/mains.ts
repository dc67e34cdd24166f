import type { Sim } from '../../sim.ts';

/** What becomes of one call of a job's main(). */
export type MainCall = {
  readonly ms: number;
  /** twice: a second execute(), which Flink 2 refuses although the first one's job runs. */
  readonly how: 'starts' | 'starts, then throws' | 'twice' | 'throws' | 'kills';
};

export type Mains = {
  /** A call of the main() of a lineage that begins now. */
  call(lineage: string): MainCall;
  /** Its database is away until then. */
  throwUntil(lineage: string, untilMs: number): void;
  /** Its database does not answer until then: what begins meanwhile takes longer than it may. */
  hangUntil(lineage: string, untilMs: number): void;
  /** Its job fails soon after each start until then. */
  failUntil(lineage: string, untilMs: number): void;
  /** How long what is started now lasts before it fails; undefined: it does not. */
  failsAfter(lineage: string): number | undefined;
  /** Its job is stuck from each start on until then. */
  stickUntil(lineage: string, untilMs: number): void;
  sticks(lineage: string): boolean;
  /** What may pass is over; a main() that always ends its process does so for ever. */
  calm(): void;
};

/** Each lineage has a main() of its own: at once, seconds or minutes long, and never twice the same time. */
export const createMains = ({ random, time }: Sim, killers: number): Mains => {
  const habits = new Map<string, Habit>();
  let isCalm = false;
  const habitOf = (lineage: string): Habit => {
    const known = habits.get(lineage) ?? drawHabit(random, killers);
    habits.set(lineage, known);
    return known;
  };
  return {
    call: (lineage) => {
      const habit = habitOf(lineage);
      const ms = random.between(habit.longestMs / 2, habit.longestMs);
      if (habit.kills === 'always') return { ms, how: 'kills' };
      if (isCalm) return { ms, how: 'starts' };
      if (time.nowMs() < habit.throwsUntilMs) return { ms, how: 'throws' };
      if (time.nowMs() < habit.hangsUntilMs) return { ms: random.pick(...HANGS_MS), how: 'starts' };
      if (habit.kills === 'seldom' && random.chance(0.3)) return { ms, how: 'kills' };
      return { ms, how: random.chance(0.03) ? random.pick('starts, then throws', 'twice') : 'starts' };
    },
    throwUntil: (lineage, untilMs) => {
      habitOf(lineage).throwsUntilMs = untilMs;
    },
    hangUntil: (lineage, untilMs) => {
      habitOf(lineage).hangsUntilMs = untilMs;
    },
    failUntil: (lineage, untilMs) => {
      habitOf(lineage).failsUntilMs = untilMs;
    },
    failsAfter: (lineage) => {
      const fails = time.nowMs() < (habits.get(lineage)?.failsUntilMs ?? 0);
      return fails ? random.pick(random.between(100, 5_000), random.between(5_000, 60_000)) : undefined;
    },
    stickUntil: (lineage, untilMs) => {
      habitOf(lineage).sticksUntilMs = untilMs;
    },
    sticks: (lineage) => time.nowMs() < (habits.get(lineage)?.sticksUntilMs ?? 0),
    calm: () => {
      isCalm = true;
    },
  };
};

/** Minutes longer than a main() may take, and for ever. */
const HANGS_MS = [660_000, 1_500_000, 86_400_000] as const;

type Habit = {
  readonly longestMs: number;
  readonly kills: 'never' | 'seldom' | 'always';
  throwsUntilMs: number;
  hangsUntilMs: number;
  failsUntilMs: number;
  sticksUntilMs: number;
};

const drawHabit = (random: Sim['random'], killers: number): Habit => ({
  longestMs: random.pick(500, 500, 500, random.between(1_000, 30_000), random.between(20_000, 240_000)),
  kills: random.chance(killers) ? random.pick('seldom', 'always') : 'never',
  throwsUntilMs: 0,
  hangsUntilMs: 0,
  failsUntilMs: 0,
  sticksUntilMs: 0,
});
