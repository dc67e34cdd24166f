import type { Alert } from '../../ports.ts';
import { fitted, utf8Bytes } from './fitted.ts';

/**
 * The parts of an alert as the markdown of DingTalk and WeCom, which knows no escapes: what would be a tag, a mention or a
 * link in a foreign text is written with letters that look like it.
 */
export const markdownOf = ({ subject, parts, runbook }: Alert, limits: Limits): string => {
  const lines = parts
    .filter(([name]) => name !== 'Runbook')
    .map(([name, text]) => `> **${name}:** ${part(text, limits.partBytes)}`);
  const isLink = /^https?:\/\/[^\s()<>]+$/.test(runbook) && Buffer.byteLength(runbook) <= limits.partBytes;
  const page = isLink ? `> **Runbook:** [${runbook}](${runbook})` : `> **Runbook:** ${part(runbook, limits.partBytes)}`;
  const head = `#### ${part(subject, limits.partBytes)}`;
  const last = parts.some(([name]) => name === 'Runbook') ? [page] : [];
  return fitted([head, ...lines, ...last].join('\n\n'), limits.bytes, utf8Bytes);
};

export type Limits = { readonly bytes: number; readonly partBytes: number };

const part = (text: string, max: number): string =>
  fitted(text.replaceAll('\n', ' '), max, utf8Bytes, (letter) => LOOKALIKES[letter] ?? letter);

const LOOKALIKES: Readonly<Record<string, string>> = {
  '<': '＜',
  '>': '＞',
  '[': '［',
  ']': '］',
  '*': '＊',
  '@': '＠',
};
