import { type CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';

/** A line that a function logged as JSON, with the moment at which it was logged. */
export type LogLine = { readonly atMs: number; readonly line: Readonly<Record<string, unknown>> };

/** Returns a function that answers with the JSON lines of a log group that came since it was last called. */
export const followLog = (logs: CloudWatchLogsClient, logGroupName: string): (() => Promise<LogLine[]>) => {
  const seen = new Set<string>();
  let startTime = 0;
  return async () => {
    const fresh: LogLine[] = [];
    let nextToken: string | undefined;
    let newest = startTime;
    do {
      const page = await logs.send(new FilterLogEventsCommand({ logGroupName, startTime, nextToken }));
      for (const { message = '', timestamp = 0, logStreamName, eventId } of page.events ?? []) {
        const key = eventId ?? `${logStreamName} ${timestamp} ${message}`;
        if (seen.has(key)) continue;
        seen.add(key);
        newest = Math.max(newest, timestamp);
        const line = parseLine(message);
        if (line !== undefined) fresh.push({ atMs: timeOf(line) ?? timestamp, line });
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    // Streams of several workers arrive out of step.
    startTime = Math.max(0, newest - OVERLAP_MS);
    return fresh.sort((one, other) => one.atMs - other.atMs);
  };
};

const OVERLAP_MS = 60_000;

const parseLine = (message: string): Record<string, unknown> | undefined => {
  const start = message.indexOf('{');
  if (start === -1) return undefined;
  try {
    return JSON.parse(message.slice(start));
  } catch {
    return undefined;
  }
};

// The line's own time: the log service stamps it when it arrives.
const timeOf = ({ timestamp }: Record<string, unknown>): number | undefined => {
  const ms = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
};
