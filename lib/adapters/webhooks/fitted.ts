/** How much room a piece takes: characters as JavaScript counts them, bytes of UTF-8, or bytes of UTF-8 inside a JSON text. */
export type Room = (piece: string) => number;

export const characters: Room = (piece) => piece.length;
export const utf8Bytes: Room = (piece) => Buffer.byteLength(piece);
export const jsonBytes: Room = (piece) => Buffer.byteLength(JSON.stringify(piece)) - 2;

/**
 * As many whole letters of `text` as fit in `max`, each as `written` gives it, with `…` where some are left out. No control
 * characters but line breaks, and nothing that is half a letter.
 */
export const fitted = (
  text: string,
  max: number,
  room: Room,
  written: (letter: string) => string = (letter) => letter,
): string => {
  // More letters than `max` never fit; what follows is not even looked at.
  const clean = text
    .slice(0, max + 1)
    .toWellFormed()
    .replace(/[^\P{Cc}\n]/gu, ' ');
  const limit = max - room('…');
  let taken = '';
  let roomTaken = 0;
  let fitting: string | undefined;
  for (const letter of clean) {
    const piece = written(letter);
    const next = roomTaken + room(piece);
    if (next > limit) fitting ??= taken;
    if (next > max) return `${fitting ?? taken}…`;
    taken += piece;
    roomTaken = next;
  }
  return taken;
};
