import type { Guard } from './guards/guard.ts';
import { ofHealth } from './guards/health.ts';
import { ofLeaders } from './guards/leaders.ts';
import { ofSavepoints } from './guards/savepoints.ts';
import { ofSight } from './guards/sight.ts';
import { ofState } from './guards/state.ts';
import { ofSubmissions } from './guards/submissions.ts';
import { ofTurns } from './guards/turns.ts';

export type { Guard } from './guards/guard.ts';

/** Every place in the product that keeps an invariant: removed, at least 10 of 1,000 runs of its profile are red. */
export const guards: readonly Guard[] = [
  ...ofSubmissions,
  ...ofSight,
  ...ofTurns,
  ...ofState,
  ...ofSavepoints,
  ...ofLeaders,
  ...ofHealth,
];
