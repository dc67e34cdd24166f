import { wire } from '../lib/wiring.ts';

const app = wire(process.env); // bad configuration fails the cold start, naming every problem

/** A person asks: which clusters are looked after? */
export const handler = async (): Promise<readonly string[]> => app.clusters.map(({ name }) => name);
