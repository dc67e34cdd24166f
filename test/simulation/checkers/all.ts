import type { Checker } from './checker.ts';
import { intentFirst } from './intent-first.ts';
import { oneLiveCopy } from './one-live-copy.ts';

/** By the name under which a breach is counted. */
export const checkers: Readonly<Record<string, Checker>> = { I1: oneLiveCopy, I3: intentFirst };
