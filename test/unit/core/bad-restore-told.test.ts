import { describe, expect, it } from 'vitest';
import { decide } from '../../../lib/core/decide.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import { foldIncidents } from '../../../lib/core/incidents.ts';
import type { Attempt, Incident, Job } from '../../../lib/core/model.ts';
import { blindTo } from '../../../lib/core/over.ts';
import { markTold, untold } from '../../../lib/core/telling/marks.ts';
import {
  aCheckpoint,
  aCluster,
  aFlinkJob,
  aJob,
  aStatefulJob,
  aView,
  idOf,
  jm,
  memoryOf,
  observed,
  ranOn,
  t0,
} from '../../support/builders.ts';

const lost = ranOn(jm(9), 1, { snapshots: [aCheckpoint(42)], end: { state: 'LOST', atMs: t0 } });
const restored = ranOn(jm(), 2, { source: aCheckpoint(41) });
const none = { tasksRunning: 0 };
type Seen = { readonly afterMs: number; readonly tasks?: object; readonly own?: Partial<Attempt>; readonly job?: Job };

const lookAt = ({ afterMs, tasks, own, job = aStatefulJob() }: Seen) =>
  decide({
    cluster: aCluster([job]),
    memories: { orders: memoryOf(lost, { ...(job.state === 'preferred' ? ranOn(jm(), 2) : restored), ...own }) },
    observation: observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf(2), 'RUNNING', tasks)] })] }),
    nowMs: t0 + afterMs,
    dice: {},
  });

/** What is told of it, look after look. */
const toldBy = (looks: readonly Seen[], code: string): readonly (readonly string[])[] => {
  let incidents: readonly Incident[] = [];
  return looks.map((each) => {
    const { problems, readiness, decisions } = lookAt(each);
    const nowMs = t0 + each.afterMs;
    const folded = foldIncidents(incidents, problems, blindTo(readiness, decisions), nowMs);
    const news = folded.flatMap((incident) => (incident.code === code ? [untold(incident) ?? '-'] : []));
    incidents = folded.map((incident) => {
      const what = untold(incident);
      return what === undefined ? incident : markTold(incident, what, nowMs);
    });
    return news;
  });
};

describe('an older or empty start', () => {
  const own = { hadState: true, snapshots: [aCheckpoint(43, 2)] } as const;
  const overMs = defaults.badRestoreToldMs;

  it.each([
    ['RESTORED_OLDER', aStatefulJob()],
    ['STARTED_EMPTY', aJob({ state: 'preferred' })],
  ])(
    'is told once, %s: at the first look already, or where only a later one comes about, and is over afterwards',
    (code, job) => {
      const first = { afterMs: 1_000, tasks: none, job };
      const second = { afterMs: 61_000, own, job };
      const last = { afterMs: overMs, own, job };
      expect(toldBy([first, second, last, last], code)).toEqual([['open'], ['-'], ['closed'], ['-']]);
      expect(toldBy([second, last], code)).toEqual([['open'], ['closed']]);
      expect(toldBy([{ ...second, tasks: none }, last], code)).toEqual([['open'], ['closed']]);
    },
  );

  it('hides nothing, and is hidden by nothing', () => {
    const codes = (seen: Seen) => lookAt(seen).problems.map(({ code }) => code);
    expect(codes({ afterMs: 1_000, tasks: none })).toEqual(['TASKS_NOT_RUNNING', 'RESTORED_OLDER']);
    const savepointFailed = { savepointFailed: 'no space' };
    expect(codes({ afterMs: 1_000, own: savepointFailed })).toEqual(['SAVEPOINT_FAILED', 'RESTORED_OLDER']);
  });

  it('leaves what its state risks as it is, where that is not known yet', () => {
    const { readiness, decisions } = lookAt({ afterMs: 1_000, tasks: none });
    const isBlind = blindTo(readiness, decisions);
    expect([
      isBlind({ code: 'STATE_AT_RISK', job: 'orders' }),
      isBlind({ code: 'JAR_MISSING', job: 'orders' }),
    ]).toEqual([true, false]);
  });

  it('names the exact command', () => {
    const { decisions } = lookAt({ afterMs: 1_000, job: aJob({ state: 'preferred' }) });
    expect(decisions[0]?.further?.[0]?.fix).toContain('flink-autopilot restore-from realtime/orders ');
  });

  it('is not told of a job that is switched off', () => {
    expect(lookAt({ afterMs: 1_000, job: aStatefulJob({ enabled: false }) }).problems).toEqual([]);
  });
});
