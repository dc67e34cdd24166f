/** What one check says of a job. unclear: nobody can say now, so that what was told of it stays as it is. */
export type HealthVerdict = { readonly is: 'ill'; readonly text: string } | { readonly is: 'well' | 'unclear' };

export const ill = (text: string): HealthVerdict => ({ is: 'ill', text });
export const well: HealthVerdict = { is: 'well' };
export const unclear: HealthVerdict = { is: 'unclear' };
