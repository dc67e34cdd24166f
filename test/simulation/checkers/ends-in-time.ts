import { defaults } from '../../../lib/core/defaults.ts';
import type { Invocation } from '../sim.ts';
import { always, type Checker } from './checker.ts';

/** I9: an invocation that met no trouble has ended before its deadline, and asks a bounded number of things. */
export const endsInTime: Checker = always(({ sim, world }) => {
  let read = 0;
  let open: readonly Invocation[] = [];
  return () => {
    if (read < sim.invocations.length) open = [...open, ...sim.invocations.slice(read)];
    read = sim.invocations.length;
    const nowMs = sim.time.nowMs();
    const over: Invocation[] = [];
    for (const by of open) if (by.endedMs !== undefined || by.dead || nowMs > by.untilMs) over.push(by);
    if (over.length === 0) return undefined;
    open = open.filter((by) => !over.includes(by));
    const late = over.find((by) => by.endedMs === undefined && by.frozenUntilMs === 0 && !isCrashed(by));
    if (late !== undefined) return `${late.name} has not ended by its deadline`;
    const cut = over.find(isCutOff);
    if (cut !== undefined) return `${cut.name} began a look without the time for it`;
    const jobs = world.clusters().reduce((sum, cluster) => sum + cluster.jobs.length, 0);
    const busy = over.find((by) => by.asked > callsMax(by, jobs, nowMs));
    return busy && `${busy.name} made ${busy.asked} calls`;
  };
});

/** It failed for want of time, and keeps its lease, though it could have left before its last look. */
const isCutOff = ({ threw, disturbed, calls, untilMs }: Invocation): boolean => {
  if (disturbed || threw?.endsWith('NO_TIME') !== true) return false;
  const loads = calls.filter(({ name }) => name === 'store.load');
  const last = loads.at(-1);
  return loads.length > 1 && last !== undefined && last.atMs > untilMs - defaults.effectMarginMs;
};

/** It died before its time was up. */
const isCrashed = ({ dead }: Invocation): boolean => dead;

/** Each waiting pass, 20 a second, asks once for each job; the full ones add less than so many. */
const callsMax = ({ sinceMs, endedMs, untilMs }: Invocation, jobs: number, nowMs: number): number =>
  CALLS_ANYWAY + (jobs + 1) * POLLS_A_SECOND * Math.ceil(((endedMs ?? Math.min(nowMs, untilMs)) - sinceMs) / 1_000);

const POLLS_A_SECOND = 25;
const CALLS_ANYWAY = 500;
