import { describe, expect, it } from 'vitest';
import { messageIdOf } from '../../../lib/adapters/machine-json.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import { foldIncidents } from '../../../lib/core/incidents.ts';
import type { Incident } from '../../../lib/core/model.ts';
import { problem } from '../../../lib/core/problems.ts';
import { markTold } from '../../../lib/core/telling/marks.ts';
import { tell } from '../../../lib/tell.ts';
import { alertOf } from '../../../lib/telling/alert.ts';
import { t0 } from '../../support/builders.ts';
import { createWorld, portsOf } from './fake-ports.ts';

const opened = (...jobs: readonly string[]): readonly Incident[] =>
  foldIncidents(
    [],
    jobs.map((job) => problem('JAR_MISSING', `there is no ${job}.jar`, job)),
    () => false,
    t0,
  );
const closed = (incident: Incident): Incident => ({ ...incident, state: 'closed', closedMs: t0 + 61_000 });

describe('an incident', () => {
  it('is told once, and is marked so that it is not told again (I4)', async () => {
    const world = createWorld();
    const { told } = await tell(portsOf(world), 'realtime', opened('orders'), t0 + 60_000);
    expect(told).toMatchObject([{ key: 'JAR_MISSING#orders', openToldMs: t0 }]);
    expect(await tell(portsOf(world), 'realtime', told, t0 + 60_000)).toEqual({ told: [] });
    expect(world.alerts.map(({ state, incident }) => [state, incident.key])).toEqual([['open', 'JAR_MISSING#orders']]);
  });

  it('is told again as long as it could not be told (F74)', async () => {
    const world = createWorld();
    const publish = async () => {
      throw new Fault('transient', 'SNS', 'throttled');
    };
    expect(await tell(portsOf(world, { alerts: { publish } }), 'realtime', opened('orders'), t0 + 60_000)).toEqual({
      told: [],
    });
    expect(world.lines).toMatchObject([{ message: 'not told', fields: { because: 'throttled' } }]);
    expect((await tell(portsOf(world), 'realtime', opened('orders'), t0 + 60_000)).told).toHaveLength(1);
  });

  it('that cannot be told does not keep another from being told', async () => {
    const world = createWorld();
    const publish = async ({ incident }: { incident: Incident }) => {
      if (incident.job === 'orders') throw new Error('a bug');
    };
    const { told, refused } = await tell(
      portsOf(world, { alerts: { publish } }),
      'realtime',
      opened('orders', 'b'),
      t0 + 60_000,
    );
    expect(refused).toMatchObject({ kind: 'bug' });
    expect(told.map(({ key }) => key)).toEqual(['JAR_MISSING#b']);
  });

  it('that waits for its patience, or was closed untold, is told to nobody', async () => {
    const world = createWorld();
    const pending = opened('orders').map((incident) => ({ ...incident, state: 'pending' as const }));
    expect(await tell(portsOf(world), 'realtime', [...pending, ...opened('b').map(closed)], t0 + 60_000)).toEqual({
      told: [],
    });
    expect(world.alerts).toEqual([]);
  });

  it.each([
    [defaults.tellsMax - 1, defaults.tellsMax - 1],
    [defaults.tellsMax, defaults.tellsMax],
    [defaults.tellsMax + 1, defaults.tellsMax],
    [500, defaults.tellsMax],
  ])('is one of %i: %i are told at once, so that their marks fit in one commit', async (count, at) => {
    const world = createWorld();
    const names = Array.from({ length: count }, (_, index) => `job-${index}`);
    expect((await tell(portsOf(world), 'realtime', opened(...names), t0 + 60_000)).told).toHaveLength(at);
    expect(world.alerts).toHaveLength(at);
    expect(at).toBeLessThan(defaults.transactionItemsMax);
  });

  it('is published by a deadline of its own (I9)', async () => {
    const deadlines: number[] = [];
    const publish = async (_: unknown, deadlineMs: number) => {
      deadlines.push(deadlineMs);
    };
    const ports = portsOf(createWorld(), { alerts: { publish } });
    await tell(ports, 'realtime', opened('orders'), t0 + 60_000);
    await tell(ports, 'realtime', opened('orders'), t0 + defaults.tellMarginMs + 1_000);
    expect(deadlines).toEqual([t0 + defaults.lookMs, t0 + 1_000]);
  });

  it.each([
    [defaults.tellMarginMs + 1, 1],
    [defaults.tellMarginMs, 0],
    [0, 0],
  ])('%i ms before the end is told to %i: what was told has to be saved in time', async (leftMs, count) => {
    const world = createWorld();
    expect((await tell(portsOf(world), 'realtime', opened('orders'), t0 + leftMs)).told).toHaveLength(count);
    expect(world.alerts).toHaveLength(count);
  });
});

describe('the message', () => {
  const [incident] = opened('orders');
  if (incident === undefined) throw new Error('no incident');

  it('of an opening says what, where, since when, what comes next and what to do', () => {
    const { subject, text } = alertOf('realtime', incident, 'open');
    expect(subject).toBe('OPEN JAR_MISSING realtime/orders');
    expect(text.split('\n')).toEqual([
      'What: there is no orders.jar',
      'Where: realtime/orders',
      'Since: 2026-01-02 03:04:05 UTC',
      'Severity: critical',
      `Next: ${incident.next}`,
      `You can: ${incident.fix}`,
      'Runbook: docs/runbook/JAR_MISSING.md',
    ]);
  });

  it('of an opening says what was done, and links to the page where the manifest says where it is', () => {
    const [threw] = foldIncidents([], [problem('MAIN_THREW', 'main() threw: refused', 'orders')], () => false, t0);
    const { text, runbook } = alertOf('realtime', threw ?? incident, 'open', {
      runbookUrl: 'https://git.example.com/runbook/',
    });
    expect(text).toContain('\nDone: It was submitted, and its main() threw each time.\n');
    expect(text).toContain('\nRunbook: https://git.example.com/runbook/MAIN_THREW.md');
    expect(runbook).toBe('https://git.example.com/runbook/MAIN_THREW.md');
  });

  it.each([
    ['JAR_MISSING', 'critical'],
    ['JOB_CANCELED', 'warning'],
    ['OF_A_LATER_VERSION', 'critical'],
  ])('of %s is %s', (code, severity) => {
    expect(alertOf('realtime', { ...incident, code }, 'open').severity).toBe(severity);
  });

  it('of a change, of a reminder and of what comes and goes says so, under an id of its own', () => {
    const told = { ...incident, openToldMs: t0, updates: 1, reminders: 2, opened: [t0 - 2, t0 - 1] };
    const [update, reminder] = [alertOf('realtime', told, 'update'), alertOf('realtime', told, 'reminder')];
    expect([update.subject, update.count]).toEqual(['OPEN, CHANGED: JAR_MISSING realtime/orders', 2]);
    expect([reminder.subject, reminder.count]).toEqual(['STILL OPEN: JAR_MISSING realtime/orders', 3]);
    expect(update.text).toContain('It comes and goes: told 3 times within 60 min; from now on nothing is said until');
    const ids = [alertOf('realtime', told, 'open'), update, reminder].map(messageIdOf);
    expect(new Set(ids).size).toBe(3);
    expect(alertOf('realtime', { ...told, channels: { team: {} } }, 'update', { channel: 'team' }).count).toBe(1);
  });

  it('of a closing says what is over and how long it lasted', () => {
    const { subject, text } = alertOf('realtime', closed(incident), 'closed');
    expect(subject).toBe('CLOSED JAR_MISSING realtime/orders');
    expect(text.split('\n')).toEqual([
      'Over: there is no orders.jar',
      'Where: realtime/orders',
      'Lasted: from 2026-01-02 03:04:05 UTC to 2026-01-02 03:05:06 UTC',
    ]);
  });

  it('of an end that is told when it is open again is of the one whose opening was told, under its thread', () => {
    const open = markTold(incident, 'open', t0);
    const over = foldIncidents([open], [], () => false, t0 + 61_000);
    const [returned] = foldIncidents(over, [problem('JAR_MISSING', 'x', 'orders')], () => false, t0 + 120_000);
    const message = alertOf('realtime', returned ?? incident, 'closed');
    expect(message.text).toContain('Lasted: from 2026-01-02 03:04:05 UTC to 2026-01-02 03:05:06 UTC');
    expect(message.incident).toMatchObject({ state: 'closed', firstSeenMs: t0 });
    expect(messageIdOf(message)).toBe(messageIdOf(alertOf('realtime', open, 'closed')));
    const [later] = foldIncidents([returned ?? incident], [], () => false, t0 + 180_000);
    expect(alertOf('realtime', later ?? incident, 'closed').text).toContain(
      'Lasted: from 2026-01-02 03:04:05 UTC to 2026-01-02 03:07:05 UTC',
    );
  });

  it('of a cluster names the cluster alone', () => {
    const [ofCluster] = foldIncidents([], [problem('HA_UNSUPPORTED', 'HA is on')], () => false, t0);
    expect(ofCluster && alertOf('realtime', ofCluster, 'open').subject).toBe('OPEN HA_UNSUPPORTED realtime');
  });
});
