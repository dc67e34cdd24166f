import { describe, expect, it } from 'vitest';
import { painter, wantsColours } from '../../../bin/show/paint.ts';
import { table } from '../../../bin/show/table.ts';
import { padded, printable, shortened, widthOf, wrapped } from '../../../bin/show/text.ts';

describe('a text', () => {
  it.each([
    ['orders', 6],
    ['größe', 5],
    ['gro\u0308ße', 5],
    ['注文', 4],
    ['ｆｕｌｌ', 8],
    ['한국', 4],
    ['👩‍💻 ok', 5],
    ['❤️', 2],
    ['…', 1],
    ['', 0],
  ])('"%s" is %s columns wide', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });

  it.each([
    ['orders', 6, 'orders'],
    ['orders-pipeline', 9, 'orde…line'],
    ['6f72646572730000000000011ced1ced', 13, '6f7264…ed1ced'],
    ['注文パイプライン', 9, '注文…イン'],
    ['注文パイプライン', 8, '注…イン'],
  ])('%s is shortened in the middle to %s columns', (text, width, short) => {
    expect(shortened(text, width)).toBe(short);
    expect(widthOf(short)).toBeLessThanOrEqual(width);
  });

  it('is padded by its columns, not by its letters', () => {
    expect(padded('注文', 6)).toBe('注文  ');
  });

  it('of foreign origin cannot move the cursor, colour, or turn the line around', () => {
    expect(printable('a\u001b[31mb\r\nc\u202ed\u0007')).toBe('a [31mb c d');
  });

  it('is wrapped at 80 columns, also where a word is longer, and loses nothing', () => {
    const word = `s3://bucket/${'x'.repeat(150)}.jar`;
    const lines = wrapped(`there is no ${word} 注文`, '    ', '  ');
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(80);
    expect(
      lines
        .map((line) => line.trim())
        .join('')
        .replaceAll(' ', ''),
    ).toBe(`thereisno${word}注文`);
    expect(lines[0]).toMatch(/^ {2}\S/);
    expect(lines[1]).toMatch(/^ {4}\S/);
  });
});

describe('a table', () => {
  it('takes from the widest column that may shrink until it fits', () => {
    const { head, lines } = table(
      [{ title: 'JOB', shrink: true }, { title: 'N' }],
      [
        ['x'.repeat(200), '1'],
        ['注文', '2'],
      ],
    );
    expect(lines.map(widthOf)).toEqual([80, 80]);
    expect(head).toMatch(/^JOB {76}N$/);
  });
});

describe('colours', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ TERM: 'dumb' }, true, false],
  ])('are used with %j on a terminal %s: %s', (env, terminal, colours) => {
    expect(wantsColours(env, terminal)).toBe(colours);
    expect(painter(colours)('x', 'red')).toBe(colours ? '\u001b[31mx\u001b[0m' : 'x');
  });
});
