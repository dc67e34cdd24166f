/** What is known of one mutant after a run, as Stryker says it. */
export type Mutant = {
  readonly fileName: string;
  readonly status: string;
  readonly replacement: string;
  readonly location: { readonly start: Position; readonly end: Position };
};
type Position = { readonly line: number; readonly column: number };

/** A mutant that no test can tell from the original, and why. Without line numbers, so that it stays valid. */
export type Survivor = {
  readonly file: string;
  /** The line in which it begins. */
  readonly was: string;
  /** The same, mutated; in one line. */
  readonly became: string;
  readonly why: string;
};

/** Of a hundred mutants so many have to be noticed. */
const SCORE_MIN = 95;

/** The score of each file, and what is wrong: a survivor that nobody explained, an explanation of none, a score that is too low. */
export const judge = (
  mutants: readonly Mutant[],
  explained: readonly Survivor[],
  read: (file: string) => string,
): { readonly lines: readonly string[]; readonly problems: readonly string[] } => {
  const files = [...new Set(mutants.map(({ fileName }) => relative(fileName)))].sort();
  const survivors = mutants.filter(isSurvivor).map((mutant) => describe(mutant, read(relative(mutant.fileName))));
  const unexplained = survivors.filter((survivor) => !explained.some(isSame(survivor)));
  const stale = explained.filter((entry) => files.includes(entry.file) && !survivors.some(isSame(entry)));
  const total = scoreOf(mutants);
  return {
    lines: [
      ...files.map((file) => line(file, scoreOf(mutants.filter(({ fileName }) => relative(fileName) === file)))),
      line('all', total),
    ],
    problems: [
      ...unexplained.map(
        (survivor) => `not explained in test/survivors.json: ${JSON.stringify({ ...survivor, why: '' })}`,
      ),
      ...stale.map((entry) => `explained in test/survivors.json, but it does not survive: ${JSON.stringify(entry)}`),
      ...(total.percent < SCORE_MIN ? [`the score is ${total.percent.toFixed(2)}, not ${SCORE_MIN}`] : []),
    ],
  };
};

/** Nothing may be excluded: an ignored mutant is one that survives. */
const isSurvivor = ({ status }: Mutant): boolean => ['Survived', 'NoCoverage', 'Ignored'].includes(status);

const isSame =
  (one: Omit<Survivor, 'why'>) =>
  (other: Omit<Survivor, 'why'>): boolean =>
    one.file === other.file && one.was === other.was && one.became === other.became;

const describe = ({ fileName, replacement, location: { start, end } }: Mutant, text: string) => {
  const lines = text.split('\n');
  const first = lines[start.line - 1] ?? '';
  const last = lines[end.line - 1] ?? '';
  const became = `${first.slice(0, start.column - 1)}${replacement}${last.slice(end.column - 1)}`;
  return { file: relative(fileName), was: first.trim(), became: became.replaceAll(/\s+/g, ' ').trim() };
};

const scoreOf = (mutants: readonly Mutant[]) => {
  const survived = mutants.filter(isSurvivor).length;
  const killed = mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
  return { killed, survived, percent: survived === 0 ? 100 : (100 * killed) / (killed + survived) };
};

const line = (name: string, { killed, survived, percent }: ReturnType<typeof scoreOf>): string =>
  `${percent.toFixed(2).padStart(6)} %  ${name}  (${killed} noticed, ${survived} survived)`;

const relative = (file: string): string => file.slice(file.lastIndexOf('lib/core/'));
