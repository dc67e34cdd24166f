import fc from 'fast-check';
import type { FlinkView, JobMemory, Observation, Seen } from '../../../lib/core/model.ts';
import { mayHaveRun } from '../../../lib/core/remember.ts';
import { known, unknown } from '../../support/builders.ts';

/** One part of what a look brings, and the same look without it. */
export type Hidden = { readonly part: string; readonly observation: Observation };

/** Every way in which one part of a look may have stayed unknown, or not have been looked at. */
export const hiddenParts = (observation: Observation): readonly Hidden[] => [
  // Without ECS no JobManager is asked.
  { part: 'ECS', observation: { ...observation, ecs: unknown(), flink: {} } },
  ...without('JobManager', observation.flink).map(([part, flink]) => ({
    part,
    observation: { ...observation, flink },
  })),
  ...Object.entries(observation.flink).flatMap(([arn, view]) =>
    (view.known ? partsOf(view.value) : []).map(([part, value]) => ({
      part: `${part} of ${arn}`,
      observation: { ...observation, flink: { ...observation.flink, [arn]: { known: true, value } as const } },
    })),
  ),
  ...without('jar', observation.jars).map(([part, jars]) => ({ part, observation: { ...observation, jars } })),
];

/** Which parts to hide at once. */
export const picks = fc.array(fc.nat(40), { minLength: 2, maxLength: 3 });

/** The look with several parts unknown at once. */
export const withHidden = (observation: Observation, hide: readonly number[]): Hidden =>
  hide.reduce(hideOne, { part: '', observation });

const hideOne = ({ part, observation }: Hidden, pick: number): Hidden => {
  const parts = hiddenParts(observation);
  const found = parts[pick % parts.length] ?? { part: 'nothing', observation };
  return { part: `${part}, ${found.part}`, observation: found.observation };
};

const partsOf = (view: FlinkView): readonly (readonly [string, FlinkView])[] => [
  ['jobs', { ...view, jobs: unknown() }],
  ['slots', { ...view, slots: unknown() }],
  ...without('job by id', view.byId).map(([part, byId]) => [part, { ...view, byId }] as const),
];

/** Each entry unknown once, and gone once. */
const without = <T>(
  part: string,
  all: Readonly<Record<string, Seen<T>>>,
): readonly (readonly [string, Readonly<Record<string, Seen<T>>>])[] =>
  Object.keys(all).flatMap((key) => [
    [`${part} ${key} unknown`, { ...all, [key]: unknown() }] as const,
    [`${part} ${key} not looked at`, Object.fromEntries(Object.entries(all).filter(([each]) => each !== key))] as const,
  ]);

/** What a look really brings for this memory: by id only those are asked for that may be somewhere. */
export const asAsked = (observation: Observation, { attempts }: JobMemory): Observation => {
  const open = attempts.filter((attempt) => attempt.end === undefined && mayHaveRun(attempt)).map(({ jobId }) => jobId);
  const flink = Object.entries(observation.flink).map(([arn, view]) => {
    if (!view.known) return [arn, view] as const;
    const asked = Object.entries(view.value.byId).filter(([jobId]) => open.includes(jobId));
    return [arn, known({ ...view.value, byId: Object.fromEntries(asked) })] as const;
  });
  return { ...observation, flink: Object.fromEntries(flink) };
};

/** A memory that this look does not contradict: a process that answers has not ended. */
export const asSeen = (memory: JobMemory, { flink }: Observation): JobMemory => {
  const alive = Object.values(flink).flatMap((view) => (view.known ? [view.value.incarnation.process] : []));
  const attempts = memory.attempts.map((attempt) => ({
    ...attempt,
    posts: attempt.posts.map((post) => ({
      ...post,
      processEnded: post.processEnded && !alive.includes(post.to.process),
    })),
  }));
  return { ...memory, attempts };
};
