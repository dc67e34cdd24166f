import { always, type Checker } from './checker.ts';

/** I6: of a savepoint that the record says is complete Flink wrote one, there: COMPLETED with a failure is none. */
export const savepointsTrue: Checker = always(({ world }) => {
  const read = new Map<string, number>();
  return () => {
    for (const { name } of world.clusters()) {
      const log = world.store.log(name);
      const fresh = log.slice(read.get(name) ?? 0).filter(({ what }) => what === 'savepoint completed');
      read.set(name, log.length);
      const wrong = fresh.find(
        ({ because }) => !world.truth.triggers.some(({ path, inVain }) => path === because || inVain === because),
      );
      if (wrong !== undefined) return `${wrong.jobId}: ${wrong.because} is said to be complete, and was never written`;
    }
    return undefined;
  };
});
