import type { Pause } from '../../lib/core/model.ts';
import type { ClusterView, ModeSeen } from '../../lib/operate/answers.ts';
import { lasting, utc } from '../durations.ts';
import type { Paint } from './paint.ts';
import { printable, wrapped } from './text.ts';

/** What all answers are shown with: colours, the moment, and the options that a suggested command has to repeat. */
export type Frame = { readonly paint: Paint; readonly atMs: number; readonly repeat: string };

/** A command that can be copied. */
export const command = ({ repeat }: Frame, words: string): string => `npx flink-autopilot ${words}${repeat}`;

/** The first line of a cluster, and its pause. */
export const clusterHead = (view: ClusterView, frame: Frame): readonly string[] => {
  const { cluster, rung, because, mode, pause } = view;
  const state = rung === 'ready' ? `ready at ${because}` : `${rung}: ${because}`;
  const [first = '', ...more] = wrapped(`${cluster} · ${state}${modeText(mode)}`, '  ', '');
  const name = printable(cluster);
  const head = frame.paint(name, 'bold') + first.slice(name.length);
  return [head, ...more, ...pauseLines(pause, cluster, frame, '  ')];
};

/** Who wanted a pause, why, until when, and what ends it. */
export const pauseLines = (
  pause: Pause | undefined,
  place: string,
  frame: Frame,
  indent: string,
): readonly string[] => {
  if (pause === undefined) return [];
  const { who, why, sinceMs, untilMs } = pause;
  const until = untilMs === undefined ? 'until it is resumed' : `until ${utc(untilMs)} UTC`;
  const text = `PAUSED by ${who} since ${utc(sinceMs)} UTC, ${until}: ${why}`;
  return [...wrapped(text, `${indent}  `, indent), ...ends(frame, `resume ${place}`)];
};

export const modeText = ({ mode, because }: ModeSeen): string =>
  mode === 'run' ? '' : ` · mode ${mode}${because === undefined ? '' : ` (${because})`}`;

/** A command on a line of its own, whole, so that it can be copied. */
export const ends = (frame: Frame, words: string): readonly string[] => [`    ${command(frame, words)}`];

/** `2026-01-02 03:04:05 UTC (12 min)` */
export const since = (ms: number, { atMs }: Frame): string => `${utc(ms)} UTC (${lasting(atMs - ms)})`;

/** So many, in words: `1 job`, `2 jobs`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
