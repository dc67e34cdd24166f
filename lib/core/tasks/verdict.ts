import type { Problem } from '../model.ts';

/**
 * What one look says of the tasks of a service. unclear: it has not been well for long enough, so that what was told stays;
 * unseen: nobody can say, so that also what is not told yet stays as it is.
 */
export type TasksVerdict =
  | { readonly is: 'ill'; readonly problem: Problem }
  | { readonly is: 'well' | 'unclear' | 'unseen' };

export const ill = (problem: Problem): TasksVerdict => ({ is: 'ill', problem });
export const WELL: TasksVerdict = { is: 'well' };
export const UNSEEN: TasksVerdict = { is: 'unseen' };
