/** What a plain terminal has. */
export const COLUMNS = 80;

/** A text of foreign origin, safe to print: no control characters, which could move the cursor, colour or hide what follows. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/gu, ' ').trim();

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });
const lettersOf = (text: string): readonly string[] => [...letters.segment(text)].map(({ segment }) => segment);

/** East Asian wide and full-width letters, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;

const letterWidth = (letter: string): number => (WIDE.test(letter) ? 2 : 1);

/** The columns that a text takes on a terminal. */
export const widthOf = (text: string): number => lettersOf(text).reduce((sum, letter) => sum + letterWidth(letter), 0);

/** Filled up with spaces on the right. */
export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** Shortened in the middle, where it is too long: names and ids differ at their ends. */
export const shortened = (text: string, width: number): string => {
  if (widthOf(text) <= width) return text;
  const all = lettersOf(text);
  const head = taken(all, Math.floor((width - 1) / 2));
  const tail = taken(all.toReversed(), width - 1 - widthOf(head.join(''))).toReversed();
  return `${head.join('')}…${tail.join('')}`;
};

/** As many letters from the front as fit. */
const taken = (all: readonly string[], width: number): readonly string[] => {
  let left = width;
  const end = all.findIndex((letter) => {
    left -= letterWidth(letter);
    return left < 0;
  });
  return end < 0 ? all : all.slice(0, end);
};

/** In lines of at most `COLUMNS`, each after `indent`; a word that is longer than a line stands alone and is cut into pieces. */
export const wrapped = (text: string, indent = '', first = indent): readonly string[] => {
  const width = COLUMNS - widthOf(indent);
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text)
    .split(/\s+/)
    .flatMap((each) => pieces(each, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].map((each, index) => `${index === 0 ? first : indent}${each}`);
};

const pieces = (word: string, width: number): readonly string[] => {
  const all = lettersOf(word);
  const found: string[] = [];
  for (let from = 0; from < all.length; ) {
    const piece = taken(all.slice(from), width);
    found.push(piece.join(''));
    from += Math.max(1, piece.length);
  }
  return found;
};
