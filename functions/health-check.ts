import type { Context } from 'aws-lambda';
import { wire } from '../lib/wiring.ts';

const app = wire(process.env); // bad configuration fails the cold start, naming every problem

/** Every minute: look at all clusters. Alone it reaches the same end as the events do, one period later. */
export const handler = async (_event: unknown, context: Context): Promise<void> => {
  await app.sweep({ untilMs: app.untilMs(context) });
};
