import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaults } from '../../lib/core/defaults.ts';
import { isTerminal } from '../../lib/core/liveness.ts';
import type { Attempt, Incarnation, JobMemory, LeaderLook, Observation, Seen } from '../../lib/core/model.ts';
import { aFlinkJob, aJob, aTask, idOf, jm, known, look, t0, unknown } from '../support/builders.ts';
import { led, ledView, observedLed } from '../support/led.ts';
import { mostly, runs } from './arbitraries/chances.ts';
import { memory } from './arbitraries/memories.ts';

const ids = [idOf(1), idOf(2), idOf(3)];
const leadership = fc.record({
  session: fc.constantFrom('session-1', 'session-2'),
  memory: fc.constantFrom('memory-1', 'memory-1', 'memory-2'),
});

/** What a JobManager says: a live or ended job, or none, and of each id that it does not list what it knows. */
const viewOf = (number: number) =>
  fc
    .record({
      job: fc.option(fc.tuple(fc.constantFrom(...ids), fc.constantFrom('RUNNING', 'FAILED', 'CANCELED')), { freq: 2 }),
      answers: fc.tuple(...ids.map(() => mostly(12, 'absent', 'RUNNING', '?'))),
      areJobsKnown: mostly(12, true, false),
      areSlotsKnown: mostly(12, true, false),
    })
    .map(({ job, answers, areJobsKnown, areSlotsKnown }) => {
      const jobs = job === null ? [] : [aFlinkJob(job[0], job[1])];
      const byId = ids.flatMap((id, index) => {
        const answer = answers[index] ?? '?';
        if (id === job?.[0]) return [];
        return [[id, answer === '?' ? unknown() : known(answer)] as const];
      });
      const seen = areJobsKnown ? jobs : unknown();
      return ledView(number, { jobs: seen, byId: Object.fromEntries(byId), free: areSlotsKnown ? 4 : unknown() });
    });

/** A look at two JobManagers of which mostly one leads, mostly with nothing to recover. */
const observation: fc.Arbitrary<Observation> = fc
  .record({
    leader: mostly(6, 1, 2, 3),
    of: leadership,
    recovers: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.subarray(ids) }),
    zookeeper: mostly<Seen<LeaderLook> | undefined>(12, undefined, unknown(), known({ jobs: [] })),
    views: fc.tuple(viewOf(1), viewOf(2)),
    isSecondSeen: mostly(6, true, false),
    definition: mostly(6, aTask().taskDefinitionArn, 'another'),
  })
  .map(({ of, views: [first, second], isSecondSeen, definition, zookeeper, ...rest }) => {
    const tasks = [aTask(jm(1)), aTask(jm(2), { taskDefinitionArn: definition })];
    const views = isSecondSeen ? [first, second] : [first];
    const unseen = isSecondSeen ? [] : [jm(2)];
    return observedLed({ ...rest, ...of, tasks, views, unseen, ...(zookeeper === undefined ? {} : { zookeeper }) });
  });

/** The memory of a cluster with high availability: where attempts were seen was led. */
const ledMemory: fc.Arbitrary<JobMemory> = fc
  .tuple(memory, fc.array(leadership, { minLength: 1, maxLength: 3 }))
  .map(([before, all]) => {
    const as = (on: Incarnation, index: number): Incarnation => ({
      ...on,
      led: all[index % all.length] ?? all[0] ?? NONE,
    });
    const attempts = before.attempts.map(
      (attempt, index): Attempt => ({
        ...attempt,
        posts: attempt.posts.map((post) => ({ ...post, to: as(post.to, index) })),
        ...(attempt.sightedOn === undefined ? {} : { sightedOn: as(attempt.sightedOn, index) }),
      }),
    );
    return { ...before, attempts };
  });
const NONE = { session: '', memory: '' };

type Given = { readonly before: JobMemory; readonly first: Observation; readonly second: Observation };
const given: fc.Arbitrary<Given> = fc
  .record({ before: ledMemory, first: observation, other: observation, isSame: mostly(2, true, false) })
  .map(({ before, first, other, isSame }) => ({ before, first, second: isSame ? first : other }));

/** Two looks that are far enough from each other to prove an absence. */
const decided = ({ before, first, second }: Given) => {
  const once = look({ job: aJob(), cluster: led, memory: before, observation: first });
  const nowMs = t0 + defaults.goneAfterMs;
  return look({ job: aJob(), cluster: led, memory: once.memory, observation: second, nowMs });
};

const leaderIn = ({ flink }: Observation) =>
  Object.values(flink).flatMap((view) => (view.known && view.value.recovers !== undefined ? [view.value] : []))[0];

describe('with high availability', () => {
  it('a job is submitted to the one that leads, under its session, and nowhere else', () => {
    let submitted = 0;
    const law = (all: Given): void => {
      const { effect } = decided(all).decision;
      if (effect?.kind !== 'run') return;
      submitted += 1;
      expect(effect.post.to).toEqual(leaderIn(all.second)?.incarnation);
    };
    fc.assert(fc.property(given, law), runs);
    expect(submitted).toBeGreaterThan(runs.numRuns / 40);
  });

  it('nothing is submitted while the leader lists it, has it to recover, or does not say all of it (I1, I6)', () => {
    const law = (all: Given): void => {
      const { decision, memory: after } = decided(all);
      if (decision.effect?.kind !== 'run') return;
      const leader = leaderIn(all.second);
      const own = after.attempts.map(({ jobId }) => jobId);
      const listed = leader?.jobs.known ? leader.jobs.value : undefined;
      const live = listed?.filter(({ jobId, state }) => own.includes(jobId) && !isTerminal(state));
      expect(live).toEqual([]);
      // What is listed as ended may have its graph for a moment longer.
      expect(leader?.recovers?.filter((jobId) => !listed?.some((each) => each.jobId === jobId))).toEqual([]);
    };
    fc.assert(fc.property(given, law), runs);
  });

  it('a job is lost or gone only by two looks under one session, and lost only where the memory is another (I6)', () => {
    let ended = 0;
    const law = (all: Given): void => {
      const before = new Map(all.before.attempts.map((attempt) => [attempt.n, attempt]));
      for (const { n, end, sightedOn, jobId } of decided(all).memory.attempts) {
        if (end === undefined || isTerminal(end.state) || before.get(n)?.end !== undefined) continue;
        ended += 1;
        const [one, other] = [leaderIn(all.first), leaderIn(all.second)];
        expect(other?.incarnation.led?.session).toBe(one?.incarnation.led?.session);
        expect(one?.recovers).not.toContain(jobId);
        expect(other?.recovers).not.toContain(jobId);
        if (sightedOn === undefined) continue;
        const isSame = sightedOn.led?.memory === other?.incarnation.led?.memory;
        expect(end.state).toBe(isSame ? 'GONE' : 'LOST');
      }
    };
    fc.assert(fc.property(given, law), runs);
    expect(ended).toBeGreaterThan(runs.numRuns / 100);
  });

  it('the same look again changes nothing but what time does (I12)', () => {
    fc.assert(
      fc.property(ledMemory, observation, (before, seen) => {
        const once = look({ cluster: led, memory: before, observation: seen });
        const again = look({ cluster: led, memory: once.memory, observation: seen });
        expect(again.memory).toEqual(once.memory);
        expect(again.decision).toEqual(once.decision);
      }),
      runs,
    );
  });
});
