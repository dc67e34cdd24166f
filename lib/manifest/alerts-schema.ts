import * as z from 'zod/mini';
import { mapping, text } from './values.ts';

/** The folder of the pages: no name or password in it, and nothing after it. */
const RUNBOOK_URL = /^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/;

export const alertsShape = {
  runbookUrl: z.exactOptional(
    text(
      RUNBOOK_URL,
      'a URL such as https://git.example.com/flink-autopilot/blob/main/docs/runbook, nothing after the path',
      'Where people find the pages of `docs/runbook`: each message then links to the page of its code. Without it a message names the page’s path.',
    ),
  ),
};

/** What is said of messages, for all clusters. */
export const alertsSchema = mapping(alertsShape, 'a mapping such as { runbookUrl: https://… }', 'Messages to people.');
