import { asFault } from './core/errors.ts';
import type { Seen } from './core/model.ts';

/** A Fault becomes a reason; so `Promise.all` over this cannot reject. */
export const seen = async <T>(look: () => Promise<T>): Promise<Seen<T>> => {
  try {
    return { known: true, value: await look() };
  } catch (thrown) {
    const { code, message } = asFault(thrown);
    return { known: false, because: { code, text: message } };
  }
};

export const notAsked: Seen<never> = { known: false, because: { code: 'NOT_ASKED', text: 'was not looked at' } };

/** One question for each key, side by side; a failing one leaves the others alone. */
export const askEach = <T>(keys: readonly string[], ask: (key: string) => Promise<T>): Promise<Answers<T>> =>
  keys.length === 0 ? Promise.resolve({}) : answersTo(keys, ask);

type Answers<T> = Readonly<Record<string, Seen<T>>>;

const answersTo = async <T>(keys: readonly string[], ask: (key: string) => Promise<T>): Promise<Answers<T>> => {
  const answers = await Promise.all(keys.map((key) => seen(() => ask(key))));
  return Object.fromEntries(keys.map((key, index) => [key, answers[index] ?? notAsked]));
};
