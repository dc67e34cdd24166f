import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from './ports.ts';

/** One JSON line an entry on standard output, as CloudWatch Logs reads it. */
export const createLog = (): Log => {
  const logger = new Logger({ serviceName: 'flink-autopilot', logLevel: 'INFO' });
  return {
    info: (message, fields) => logger.info(message, fields),
    error: (message, fields) => logger.error(message, fields),
  };
};
