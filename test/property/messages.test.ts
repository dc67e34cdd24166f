import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snsMessage } from '../../lib/adapters/sns-messages.ts';
import { formats } from '../../lib/adapters/webhooks/formats.ts';
import { foldIncidents } from '../../lib/core/incidents.ts';
import type { Incident } from '../../lib/core/model.ts';
import { problem } from '../../lib/core/problems.ts';
import { alertOf } from '../../lib/telling/alert.ts';
import { t0 } from '../support/builders.ts';
import { runs } from './arbitraries/chances.ts';

/** What SNS takes in all: message and attributes. */
const SNS_BYTES_MAX = 262_144;

/** What grows most on its way through JSON and UTF-8, alone and mixed. */
const letter = fc.constantFrom(
  '"',
  '\\',
  '\u0001',
  '\u007f',
  '\n',
  '値',
  '😀',
  '\ud83d',
  '\ude00',
  '\u2028',
  'x',
  '&',
  '<',
);
const text = fc
  .tuple(fc.array(letter, { maxLength: 8 }), fc.constantFrom(0, 1, 40, 5_000, 100_000))
  .map(([letters, times]) => letters.join('').repeat(times));

const incident = fc
  .record({ what: text, next: text, fix: text, done: text, closedBecause: text })
  .map((texts): Incident => {
    const [known] = foldIncidents([], [problem('MAIN_THREW', 'x', 'orders')], () => false, t0);
    if (known === undefined) throw new Error('no incident');
    return { ...known, ...texts };
  });
const alert = fc
  .tuple(incident, fc.constantFrom('open' as const, 'closed' as const))
  .map(([each, state]) => alertOf('realtime', each, state));

describe('a message', () => {
  it('of any texts is what SNS takes: at most 256 KB, whole letters, a subject of printable ASCII (F79)', () => {
    fc.assert(
      fc.property(alert, text, (each, subject) => {
        const { Subject, Message, MessageAttributes } = snsMessage({ ...each, subject });
        expect(Buffer.byteLength(Message + JSON.stringify(MessageAttributes))).toBeLessThanOrEqual(SNS_BYTES_MAX);
        expect(Subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,99}$/);
        const { default: fallback, email, https, sqs } = JSON.parse(Message);
        for (const one of [fallback, email, JSON.parse(https).content.description, JSON.parse(sqs).text]) {
          expect(one.isWellFormed()).toBe(true);
          expect(one.trim()).not.toBe('');
        }
      }),
      { ...runs, numRuns: Math.min(runs.numRuns, 200) },
    );
  });

  it.each([
    ['generic', 262_144],
    ['slack', 40_000],
    ['feishu', 20_000],
    ['dingtalk', 20_000],
    ['wecom', 4_096 * 2],
  ] as const)(
    'of any texts is what a webhook of %s takes: at most %i bytes, and each text within its limit',
    (format, max) => {
      fc.assert(
        fc.property(alert, text, (each, subject) => {
          const to = { url: new URL('https://host/hook'), secret: format === 'feishu' ? 'x' : undefined, nowMs: t0 };
          const { body } = formats[format].message({ ...each, subject }, to);
          expect(Buffer.byteLength(body)).toBeLessThanOrEqual(max);
          expect(body).not.toMatch(/\\ud[89a-f]/);
          const { blocks = [], markdown } = JSON.parse(body);
          for (const { type, text: block } of blocks)
            expect(block.text.length).toBeLessThanOrEqual(type === 'header' ? 150 : 3_000);
          if (format === 'wecom') expect(Buffer.byteLength(markdown.content)).toBeLessThanOrEqual(4_096);
          expect(JSON.stringify(JSON.parse(body)).isWellFormed()).toBe(true);
        }),
        { ...runs, numRuns: Math.min(runs.numRuns, 100) },
      );
    },
  );
});
