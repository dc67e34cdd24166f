import type { Context } from 'aws-lambda';
import { wire } from '../lib/wiring.ts';

const app = wire(process.env); // bad configuration fails the cold start, naming every problem

/** A person asks: status, plan, history, open orders, or gives an order. Their mistakes are answered, never thrown. */
export const handler = async (request: unknown, context: Context): Promise<unknown> =>
  app.operate(request, { untilMs: app.untilMs(context) });
