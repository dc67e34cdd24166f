import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { hasLeft, leaving } from '../../../lib/core/left.ts';
import type { Incident, Order } from '../../../lib/core/model.ts';
import { problem } from '../../../lib/core/problems.ts';
import { anOrder, t0 } from '../../support/builders.ts';

const left = (orders: readonly Order[]) => leaving({ jobs: {}, incidents: [], orders }, t0);

describe('an order of a cluster that left the manifest', () => {
  it('is dropped with its reason, of a job or of the whole cluster', () => {
    const { job: _, ...ofCluster } = anOrder('pause', { id: '2' });
    const line = { attempt: 0, jobId: '', atMs: t0 };
    const because = 'the cluster is no longer in the manifest; anna: looked at it';
    expect(left([anOrder('restart', { id: '1' }), ofCluster])).toEqual({
      incidents: [],
      consumed: ['1', '2'],
      log: [
        { ...line, job: 'orders', what: 'restart dropped', because, orderId: '1' },
        { ...line, job: '', what: 'pause dropped', because, orderId: '2' },
      ],
    });
  });

  it.each([
    [defaults.ordersMax - 1, defaults.ordersMax - 1],
    [defaults.ordersMax, defaults.ordersMax],
    [defaults.ordersMax + 1, defaults.ordersMax],
  ])('of %i: %i at once', (count, dropped) => {
    const orders = Array.from({ length: count }, (_, index) => anOrder('restart', { id: `${index}` }));
    expect(left(orders).consumed).toHaveLength(dropped);
    expect(left(orders).log).toHaveLength(dropped);
  });
});

describe('a cluster has left', () => {
  const over: Incident = {
    ...problem('JAR_MISSING', 'there is no jar', 'orders'),
    key: 'JAR_MISSING#orders',
    state: 'closed',
    firstSeenMs: t0,
    lastSeenMs: t0,
    closedMs: t0,
    openToldMs: t0,
    closeToldMs: t0,
  };
  const has = (incident: Incident, orders: readonly Order[] = []) =>
    hasLeft({ jobs: {}, incidents: [incident], orders }, ['team']);

  it('when the topic and each webhook heard of every end, and no order is left', () => {
    expect(has(over)).toBe(true);
    expect(has({ ...over, channels: { team: { openToldMs: t0 } } })).toBe(false);
    const { closeToldMs: _, ...untold } = over;
    expect(has(untold)).toBe(false);
    expect(has({ ...over, state: 'open' })).toBe(false);
    expect(has(over, [anOrder('restart')])).toBe(false);
  });
});
