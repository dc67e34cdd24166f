/**
 * What one check says of a job. unclear: nobody can say now, so that what was told of it stays as it is. `about` tells apart what a job may
 * have several of at once.
 */
export type HealthVerdict =
  | { readonly is: 'ill'; readonly text: string; readonly about?: string }
  | { readonly is: 'well' | 'unclear' };

export const ill = (text: string, about?: string): HealthVerdict => ({
  is: 'ill',
  text,
  ...(about === undefined ? {} : { about }),
});
export const well: HealthVerdict = { is: 'well' };
export const unclear: HealthVerdict = { is: 'unclear' };
