const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

/** Colours a text that has its final width already. */
export type Paint = (text: string, ...how: readonly (keyof typeof CODES)[]) => string;

export const painter =
  (colours: boolean): Paint =>
  (text, ...how) =>
    colours && how.length > 0 ? `\u001b[${how.map((each) => CODES[each]).join(';')}m${text}\u001b[0m` : text;

/** On a terminal, unless it is dumb or somebody wants none (no-color.org). */
export const wantsColours = (env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean =>
  isTerminal && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';

const verdicts: Readonly<Record<string, Parameters<Paint>[1]>> = {
  steady: 'green',
  act: 'cyan',
  would: 'cyan',
  wait: 'yellow',
  hold: 'red',
};

/** How a decision is coloured: what is off or done stays plain. */
export const verdictColour = (verdict: string): readonly NonNullable<Parameters<Paint>[1]>[] => {
  const colour = Object.hasOwn(verdicts, verdict) ? verdicts[verdict] : undefined;
  return colour === undefined ? [] : [colour];
};
