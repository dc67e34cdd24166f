import type { Guard } from './guards/guard.ts';
import { ofSight } from './guards/sight.ts';
import { ofSubmissions } from './guards/submissions.ts';
import { ofTurns } from './guards/turns.ts';

/** Every guard that the simulation shows to be needed. */
export const guards: readonly Guard[] = [...ofSubmissions, ...ofSight, ...ofTurns];
