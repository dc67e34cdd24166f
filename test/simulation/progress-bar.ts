import { stderr } from 'node:process';

/** How far it is, on stderr: one line that is written anew on a terminal, elsewhere a line now and then. */
export const createBar = (total: number) => {
  const startedMs = performance.now();
  let toldMs = startedMs;
  const show = (ran: number): void => {
    const nowMs = performance.now();
    if (!stderr.isTTY && nowMs - toldMs < TOLD_EVERY_MS) return;
    toldMs = nowMs;
    const perSecond = Math.round((ran * 1_000) / (nowMs - startedMs));
    const full = Math.round((WIDTH * ran) / total);
    const bar = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`;
    const text = `${ran} of ${total} seeds, ${perSecond} a second`;
    stderr.write(stderr.isTTY ? `\r${bar} ${text} ` : `${text}\n`);
  };
  const end = (): void => void (stderr.isTTY && stderr.write(CLEAR_LINE));
  return { show, end };
};

const TOLD_EVERY_MS = 5_000;
const WIDTH = 30;
const CLEAR_LINE = '\r\u001b[K';
