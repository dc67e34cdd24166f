import { existsSync, readFileSync } from 'node:fs';
import { log4jProperties } from '../../local/agent/container/flink-image.ts';

/**
 * Log settings with which a JobManager writes to a file when a POST arrives: the first of its handlers tells, before it
 * has read the body, by the clock of this machine. Nothing stands between the caller and Flink, and Flink runs as ever.
 */
export const arrivalLogging = (file: string): string => `${log4jProperties}
logger.arrivals.name = org.apache.flink.runtime.rest.FileUploadHandler
logger.arrivals.level = TRACE
logger.arrivals.additivity = false
logger.arrivals.appenderRef.console.ref = ConsoleAppender
logger.arrivals.appenderRef.console.level = INFO
logger.arrivals.appenderRef.arrivals.ref = Arrivals
appender.arrivals.name = Arrivals
appender.arrivals.type = File
appender.arrivals.fileName = ${file}
appender.arrivals.layout.type = PatternLayout
appender.arrivals.layout.pattern = %d{UNIX_MILLIS} %m%n
appender.arrivals.filter.posts.type = RegexFilter
appender.arrivals.filter.posts.regex = .*Method:POST
appender.arrivals.filter.posts.onMatch = ACCEPT
appender.arrivals.filter.posts.onMismatch = DENY
`;

/** Epoch milliseconds of each request that arrived, in their order. */
export type Arrivals = { readonly uploads: readonly number[]; readonly runs: readonly number[] };

/** What such a file tells since a moment. */
export const readArrivals = (file: string, sinceMs: number): Arrivals =>
  arrivalsIn(existsSync(file) ? readFileSync(file, 'utf8') : '', sinceMs);

/** The same of its text; lines that tell something else are none. */
export const arrivalsIn = (text: string, sinceMs: number): Arrivals => {
  const seen = [...text.matchAll(LINE)]
    .map(([, atMs, path = '']) => ({ atMs: Number(atMs), path }))
    .filter(({ atMs }) => atMs >= sinceMs);
  const times = (what: RegExp) => seen.filter(({ path }) => what.test(path)).map(({ atMs }) => atMs);
  return { uploads: times(/\/jars\/upload$/), runs: times(/\/jars\/[^/]+\/run$/) };
};

const LINE = /^(\d{13}) Received request\. URL:([^\s?]+)\S* Method:POST$/gm;
