import { characters, fitted } from './fitted.ts';
import type { Format } from './formats.ts';

/** Slack's limits of a header, of the text of a section and of a link's URL. */
const HEADER_MAX = 150;
const SECTION_MAX = 3_000;
const URL_MAX = 1_000;
/** So that the longest part leaves room for the others. */
const PART_MAX = 1_100;

/** Incoming webhooks: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks. The URL itself is the secret. */
export const slack: Format = {
  message: (alert, { url }) => {
    const { subject, parts, severity, state, runbook } = alert;
    const mark =
      state === 'closed' ? ':white_check_mark:' : severity === 'critical' ? ':red_circle:' : ':large_orange_circle:';
    const lines = parts.map(([name, text]) => `*${escaped(name)}:* ${fitted(text, PART_MAX, characters, escaped)}`);
    const isLink = /^https?:\/\/[^\s<>|]+$/.test(runbook) && runbook.length <= URL_MAX;
    const link = isLink ? [section(`<${escaped(runbook)}|Runbook>`)] : [];
    const body = {
      text: fitted(`${mark} ${subject}`, SECTION_MAX, characters, escaped),
      blocks: [
        {
          type: 'header',
          text: { type: 'plain_text', text: fitted(`${mark} ${subject}`, HEADER_MAX, characters), emoji: true },
        },
        ...inSections(lines).map(section),
        ...link,
      ],
    };
    return { url, headers: {}, body: JSON.stringify(body) };
  },
  // It answers errors by the status.
  refusal: () => undefined,
};

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });

/** The three characters that mean something in any text of Slack's; all else is shown as it is, or at worst bold. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** As few sections as hold them. */
const inSections = (lines: readonly string[]): readonly string[] => {
  const sections: string[] = [];
  for (const line of lines) {
    const last = sections.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= SECTION_MAX) sections.splice(-1, 1, `${last}\n${line}`);
    else sections.push(line);
  }
  return sections;
};
