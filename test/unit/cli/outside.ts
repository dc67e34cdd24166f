import type { Place } from '../../../bin/call.ts';
import { type Outside, run } from '../../../bin/run.ts';
import type { Answer } from '../../../lib/operate/answers.ts';
import type { Request } from '../../../lib/operate/request.ts';
import { t0 } from '../../support/builders.ts';

export type Ran = {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What was sent, and where to. */
  readonly asked: readonly { readonly request: Request; readonly place: Place }[];
};

/** Runs a command line on a machine without anything around it. */
export const ran = async (
  words: readonly string[],
  answer: Answer | ((request: Request, place: Place) => Promise<Answer>) = {
    ok: true,
    op: 'orders',
    atMs: t0,
    orders: [],
  },
  more: Partial<Outside> = {},
): Promise<Ran> => {
  const out: string[] = [];
  const err: string[] = [];
  const asked: { request: Request; place: Place }[] = [];
  const code = await run(words, {
    env: {},
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    colours: false,
    nowMs: t0,
    who: 'ann@laptop',
    version: '0.1.0',
    service: 'flink-autopilot',
    localWorld: async () => undefined,
    call: async (request, place) => {
      asked.push({ request, place });
      return typeof answer === 'function' ? answer(request, place) : answer;
    },
    ...more,
  });
  return { code, out: out.join('\n'), err: err.join('\n'), asked };
};
