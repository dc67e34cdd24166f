import { tellingLimits } from '../core/telling/limits.ts';
import { type Problem, pathText } from './problems.ts';
import { get, list } from './raw.ts';
import { reference, referencesIn } from './reference-syntax.ts';

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
  const open = all.flatMap((each, i) => {
    const text = openUrl(get(each, 'url'), get(each, 'format'));
    return text === undefined ? [] : [wrong([i, 'url'], text)];
  });
  return [...many, ...doubled, ...unsigned, ...open];
};

/** Chats know who posts by the URL alone, or let who has it post what others sign. */
const CHATS = ['slack', 'feishu', 'dingtalk', 'wecom'];
const CHAT_URL =
  /^https?:\/\/(hooks\.slack\.com|open\.feishu\.cn|open\.larksuite\.com|oapi\.dingtalk\.com|qyapi\.weixin\.qq\.com)([/:?]|$)/i;
/** A parameter that is a key by its name, and not a reference to one. */
const OPEN_KEY = /[?&]([^=&]*[_.-]|api|access|auth)?(token|key|secret|password|signature|sig)=(?!\$\{)[^&]/i;
const REFERENCE = `${reference('ssm:/path')} or ${reference('secret:name#key')}`;

/** What is wrong with a URL that is a secret and stands in the open: it would travel in the bundle. Never repeats it. */
const openUrl = (url: unknown, format: unknown): string | undefined => {
  if (typeof url !== 'string' || !/^https?:/i.test(url)) return undefined;
  const chat = CHATS.find((name) => name === format);
  if (referencesIn(url).length === 0 && (chat !== undefined || CHAT_URL.test(url)))
    return `found a URL that is not shown here; expected a reference to it, or in it: ${REFERENCE}; who has the URL of a chat (${chat ?? 'as its host shows'}) may post there`;
  if (!OPEN_KEY.test(url)) return undefined;
  return `found a URL with a key in it that is not shown here; expected a reference in the place of the key: ${REFERENCE}`;
};

const wrong = (path: readonly PropertyKey[], text: string): Problem => ({
  path: pathText(['alerts', 'webhooks', ...path]),
  text,
});
