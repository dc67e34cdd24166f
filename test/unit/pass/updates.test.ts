import { describe, expect, it } from 'vitest';
import { Fault } from '../../../lib/core/errors.ts';
import { tellingLimits } from '../../../lib/core/telling/limits.ts';
import { type Broken, createWorld } from './fake-ports.ts';
import { minutesOf, subjectsOf } from './passes.ts';

const throwing = (cause: string): Broken => ({
  flink: {
    run: async () => {
      throw new Fault('rejected', 'MAIN_THREW', cause);
    },
  },
});
const hanging: Broken = {
  flink: {
    run: async () => {
      throw new Fault('unknown-outcome', 'RUN_UNANSWERED', 'no answer in time');
    },
  },
};

describe('a person who was told', () => {
  it('hears of another root cause once, and of a further try that comes to the same never', async () => {
    const world = createWorld();
    await minutesOf(world, 60, throwing('no database at 10.0.0.1:5432'));
    await minutesOf(world, 60, throwing('no database at 10.0.0.2:5432'));
    expect(subjectsOf(world)).toEqual(['OPEN MAIN_THREW realtime/orders']);
    await minutesOf(world, 60, throwing('the schema does not fit'));
    await minutesOf(world, 60, throwing('the schema does not fit'));
    expect(subjectsOf(world)).toEqual(['OPEN MAIN_THREW realtime/orders', 'OPEN, CHANGED: MAIN_THREW realtime/orders']);
    expect(world.alerts[1]?.text).toContain('the schema does not fit');
    await minutesOf(world, 60);
    expect(subjectsOf(world).slice(2, 3)).toEqual(['CLOSED MAIN_THREW realtime/orders']);
  });

  it('hears once that a job is held now which was tried before', async () => {
    const world = createWorld();
    await minutesOf(world, 15, hanging);
    const opened = subjectsOf(world);
    expect(opened).toEqual(['OPEN SUBMISSION_UNANSWERED realtime/orders']);
    await minutesOf(world, 60, hanging);
    const all = [...opened, 'OPEN, CHANGED: SUBMISSION_UNANSWERED realtime/orders'];
    expect(subjectsOf(world)).toEqual(all);
    await minutesOf(world, (2 * tellingLimits.updateEveryMs) / 60_000, hanging);
    expect(subjectsOf(world)).toEqual(all);
  });
});
