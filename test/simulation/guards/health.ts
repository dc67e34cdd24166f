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
];
