import type { Progress } from '../install/cache.ts';

/**
 * Shows on a stream what happens, when, and how long it took: one lasting line for each thing that is over and, on a
 * terminal, one live line below them for what is going on, with bars where the amount is known.
 */
export const createTimeline = (out: Screen, nowMs: () => number): Timeline => {
  const open = new Map<string, Open>();
  let drawn = false;
  let closed = false;
  const erase = () => {
    if (drawn) out.write('\r\x1b[2K');
    drawn = false;
  };
  const draw = () => {
    erase();
    if (!out.isTTY || open.size === 0) return;
    const items = [...open].map(([what, item]) => liveText(what, item, nowMs()));
    out.write(`${stamp(nowMs())}  … ${items.join('   ')}`.slice(0, (out.columns ?? 80) - 1));
    drawn = true;
  };
  const lasting = (sign: string, text: string, tookMs?: number, atMs = nowMs()) => {
    if (closed) return;
    erase();
    out.write(`${stamp(atMs)}  ${sign} ${text}${tookMs === undefined ? '' : `  (${seconds(tookMs)})`}\n`);
    draw();
  };
  const ticker = out.isTTY ? setInterval(draw, REDRAW_MS) : undefined;
  ticker?.unref();
  const finish = (what: string, sign: string) => {
    const item = open.get(what);
    open.delete(what);
    lasting(sign, what, item === undefined ? undefined : nowMs() - item.sinceMs);
  };
  return {
    mark: (text, atMs) => lasting('·', text, undefined, atMs),
    done: (text) => lasting('✓', text),
    fail: (text) => lasting('✗', text),
    progress: (what, fraction) => {
      const item = open.get(what) ?? { sinceMs: nowMs(), toldQuarter: 0 };
      open.set(what, item);
      if (fraction !== undefined) item.fraction = fraction;
      if (fraction === 1) return finish(what, '✓');
      const quarter = Math.floor((fraction ?? 0) * 4);
      if (out.isTTY || quarter <= item.toldQuarter) return draw();
      item.toldQuarter = quarter;
      lasting('…', `${what} ${Math.floor((fraction ?? 0) * 100)} %`);
    },
    step: async (what, work) => {
      open.set(what, { sinceMs: nowMs(), toldQuarter: 0 });
      draw();
      try {
        const result = await work();
        finish(what, '✓');
        return result;
      } catch (error) {
        finish(what, '✗');
        throw error;
      }
    },
    close: () => {
      clearInterval(ticker);
      open.clear();
      erase();
      closed = true;
    },
  };
};

export type Timeline = {
  /** Something that happened, now or at another moment. */
  mark(text: string, atMs?: number): void;
  done(text: string): void;
  fail(text: string): void;
  readonly progress: Progress;
  /** Runs the work and shows how long it took. */
  step<T>(what: string, work: () => Promise<T>): Promise<T>;
  close(): void;
};

/** What of a terminal (or of a file) is needed. */
export type Screen = { write(text: string): unknown; isTTY?: boolean; columns?: number };

type Open = { sinceMs: number; fraction?: number; toldQuarter: number };

const REDRAW_MS = 200;
const BAR = 24;

const liveText = (what: string, { fraction, sinceMs }: Open, nowMs: number): string => {
  if (fraction === undefined) return `${what} ${seconds(nowMs - sinceMs)}`;
  const full = Math.round(fraction * BAR);
  return `${what} ${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${Math.floor(fraction * 100)} %`;
};

const stamp = (ms: number): string => seconds(ms).padStart(9);

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
