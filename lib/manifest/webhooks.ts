import { tellingLimits } from '../core/telling/limits.ts';
import { type Problem, pathText } from './problems.ts';
import { get, list } from './raw.ts';

/** What webhooks must not be beside each other, and what their format does not go with. */
export const webhookProblems = (input: unknown): Problem[] => {
  const all = list(get(input, 'alerts'), 'webhooks');
  const names = all.map((each) => get(each, 'name'));
  const many =
    all.length > tellingLimits.webhooksMax
      ? [wrong([], `found ${all.length}; expected at most ${tellingLimits.webhooksMax}`)]
      : [];
  const doubled = names.flatMap((name, i) =>
    typeof name === 'string' && names.indexOf(name) < i
      ? [wrong([i, 'name'], `found ${JSON.stringify(name)} a second time; expected a name of its own`)]
      : [],
  );
  const unsigned = all.flatMap((each, i) => {
    const format = get(each, 'format');
    return (format === 'slack' || format === 'wecom') && get(each, 'secret') !== undefined
      ? [wrong([i, 'secret'], `found one; expected none: ${format} knows who posts by the URL alone`)]
      : [];
  });
  return [...many, ...doubled, ...unsigned];
};

const wrong = (path: readonly PropertyKey[], text: string): Problem => ({
  path: pathText(['alerts', 'webhooks', ...path]),
  text,
});
