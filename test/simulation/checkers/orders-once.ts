import { always, type Checker } from './checker.ts';

/** I12: an order is carried out, or dropped, once. */
export const ordersOnce: Checker = always(({ world }) => {
  const read = new Map<string, number>();
  const over = new Set<string>();
  // With a backup come orders that were over.
  const isRestored = (name: string): boolean => world.truth.losses.some(({ cluster }) => cluster === name);
  return () => {
    for (const { name } of world.clusters()) {
      const log = world.store.log(name);
      for (const { orderId, what } of log.slice(read.get(name) ?? 0)) {
        if (orderId === undefined) continue;
        if (over.has(orderId) && !isRestored(name)) return `the order ${orderId} is over a second time: ${what}`;
        over.add(orderId);
      }
      read.set(name, log.length);
    }
    return undefined;
  };
});
