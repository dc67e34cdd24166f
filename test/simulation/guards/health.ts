import type { Guard } from './guard.ts';

/** What makes a job's illness be told, and told to be over. */
export const ofHealth: readonly Guard[] = [
  {
    name: 'restarts-counted',
    what: 'A job that Flink restarts again and again is told, although it runs in between.',
    file: 'lib/core/health/restart-loop.ts',
    text: 'if (count >= max) return',
    instead: 'if (count >= 20 * max) return',
    profile: 'looping',
  },
  {
    name: 'calm-closes',
    what: 'A restart loop is over when no restart came for a third of its window, and that was looked at.',
    file: 'lib/core/health/restart-loop.ts',
    text: 'restartsSince(counted, nowMs - calmMs) === 0 ? well : unclear',
    instead: 'restartsSince(counted, nowMs - calmMs) < 0 ? well : unclear',
    profile: 'looping',
  },
  {
    name: 'healing-budget',
    what: 'A job that fails again and again is started again three times, and then held.',
    file: 'lib/core/healing/failed.ts',
    text: 'if (spent >= restarts) return',
    instead: 'if (spent < 0) return',
    profile: 'failing',
  },
  {
    name: 'healing-distance',
    what: 'From one restart to the next there are five minutes.',
    file: 'lib/core/healing/failed.ts',
    text: 'if (nowMs >= notBeforeMs) return',
    instead: 'if (nowMs >= 0) return',
    profile: 'failing',
  },
  {
    name: 'failure-lasts',
    what: 'A failure is told to be over when all tasks of what was started again have run for a while.',
    file: 'lib/core/decide-job.ts',
    text: 'job.enabled && isOnTrial(job, attempts, nowMs)',
    instead: 'job.enabled && attempts.length < 0 && isOnTrial(job, attempts, nowMs)',
    profile: 'failing',
  },
  {
    name: 'crash-kind',
    what: 'Who asked for the end of a task decides whether it crashed: a deployment, Spot or a person is none.',
    file: 'lib/core/tasks/stops.ts',
    text: 'OWN_ENDS.has(code) ||',
    instead: "code !== '' ||",
    profile: 'deployed',
  },
  {
    name: 'crashes-counted',
    what: 'Tasks that end by themselves again and again are told, although they run in between.',
    file: 'lib/core/tasks/loops.ts',
    text: 'timesOf(own) >= defaults.tasks.crashesMax',
    instead: 'timesOf(own) >= 20 * defaults.tasks.crashesMax',
    profile: 'crashing',
  },
  {
    name: 'explained-silent',
    what: 'What a bigger cause explains does not open beside it.',
    file: 'lib/core/inhibition.ts',
    text: 'silent.add(each.key)',
    instead: 'causes.push(each)',
    profile: 'crashing',
  },
];
