import { explore } from './explore.ts';
import { kinds } from './kinds.ts';

/**
 * Takes out one kind after the other: its state has to be reached with it, and never without it. Each kind is said as soon
 * as it is known; gives those of which that is not so.
 */
export const checkKinds = async (
  options: { readonly seeds: number; readonly from: number; readonly workers?: number },
  say: (line: string) => void,
): Promise<readonly string[]> => {
  const { seeds: count, from, ...workers } = options;
  const runsThatReach = async (state: string, without?: string): Promise<number> => {
    const { summary } = await explore({ ...workers, seeds: { from, count }, ...(without && { without }) });
    return summary.sometimes[state] ?? 0;
  };
  const { sometimes } = (await explore({ ...workers, seeds: { from, count } })).summary;
  const wrong: string[] = [];
  for (const { name, state } of kinds) {
    const reached = sometimes[state] ?? 0;
    const left = await runsThatReach(state, name);
    const isShown = reached > 0 && left === 0;
    if (!isShown) wrong.push(name);
    say(`${isShown ? 'ok' : 'NO'}  ${name}: ${reached} of ${count} reach "${state}", without it ${left}`);
  }
  return wrong;
};
