import { cpus, loadavg, totalmem } from 'node:os';

/** `load`: processes that wanted to run in the minute before; more than a half for each CPU, and the figures tell of these. */
export type Machine = { readonly cpus: number; readonly memoryGb: number; readonly load: number };

/** The machine as it is now: ask before the measuring, which is a load itself. */
export const thisMachine = (): Machine => {
  const [load = 0] = loadavg();
  return { cpus: cpus().length, memoryGb: Math.round(totalmem() / 2 ** 30), load: Number(load.toFixed(2)) };
};

/** The same for a person. */
export const machineText = ({ cpus, memoryGb, load }: Machine): string =>
  `${cpus} CPUs, ${memoryGb} GB, load ${load} before it began`;
