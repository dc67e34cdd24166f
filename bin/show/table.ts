import { COLUMNS, padded, printable, shortened, widthOf } from './text.ts';

/** A table that fits: columns are as wide as their content, and where that is too much those that `shrink` are shortened in the middle. */
export type Column = { readonly title: string; readonly shrink?: true };

const GAP = '  ';
const SHRUNK_MIN = 8;

/** The head and one line for each row, all of equal layout, without trailing spaces. */
export const table = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  indent = '',
): { readonly head: string; readonly lines: readonly string[] } => {
  const cells = rows.map((row) => columns.map((_, index) => printable(row[index] ?? '')));
  const widths = fitted(
    columns,
    columns.map(({ title }, index) => Math.max(widthOf(title), ...cells.map((row) => widthOf(row[index] ?? '')))),
    COLUMNS - widthOf(indent) - GAP.length * (columns.length - 1),
  );
  const lineOf = (row: readonly string[]): string =>
    indent +
    row
      .map((cell, index) => padded(shortened(cell, widths[index] ?? 0), widths[index] ?? 0))
      .join(GAP)
      .trimEnd();
  return { head: lineOf(columns.map(({ title }) => title)), lines: cells.map(lineOf) };
};

/** The widest of those that may shrink gives a column at a time. */
const fitted = (columns: readonly Column[], wanted: readonly number[], width: number): readonly number[] => {
  const widths = [...wanted];
  for (let over = widths.reduce((a, b) => a + b, 0) - width; over > 0; over -= 1) {
    const able = widths.map((each, index) => (columns[index]?.shrink && each > SHRUNK_MIN ? each : 0));
    const widest = Math.max(...able);
    if (widest === 0) break;
    const index = able.indexOf(widest);
    widths[index] = widest - 1;
  }
  return widths;
};
