/** The text in at most `max` UTF-16 units: what is cut off is shown by `…`, and nothing is half a letter. */
export const cut = (text: string, max: number): string => {
  const fitting = text.length <= max ? text : `${text.slice(0, max - 1).replace(HALF_AT_END, '')}…`;
  return fitting.toWellFormed();
};

const HALF_AT_END = /[\ud800-\udbff]$/;
