import type { Cluster } from '../../../lib/core/model.ts';
import { pass } from '../../../lib/pass.ts';
import type { Changes, Ports } from '../../../lib/ports.ts';
import { turn } from '../turn.ts';
import { WEBHOOK } from '../world/world.ts';
import type { Run } from './checker.ts';

/** I12: a second pass over an unchanged world writes nothing and does nothing. Asked at the end, when nobody else works. */
export const secondPass = async (run: Run): Promise<string | undefined> => {
  for (const cluster of run.world.clusters()) {
    const done: string[] = [];
    let isOver = false;
    void passes(run, cluster, done).then(() => {
      isOver = true;
    });
    // Virtual time stands still: what waits for it is not judged.
    for (let turns = 0; turns < TURNS_MAX && !isOver; turns += 1) await turn();
    if (isOver && done.length > 0) return `a second pass over ${cluster.name} does ${done.join(', ')}`;
  }
  return undefined;
};

/** Each turn carries out all that is due; a pass has a handful of steps. */
const TURNS_MAX = 20;

/**
 * The first one may write what was just seen, and what was left is removed one a pass, which changes the world; the deeds of the one after them are
 * noted. Where the first did what was due just now (a pause is over), that one may write what came of it, and do nothing; the next one writes nothing.
 */
const passes = async ({ sim, world }: Run, cluster: Cluster, done: string[]): Promise<void> => {
  const nowMs = sim.time.nowMs();
  const untilMs = nowMs + 54_000;
  const lease = await world.store.acquire(cluster.name, { owner: 'judge', nowMs, untilMs }, untilMs);
  if (lease === undefined) return;
  const log = { info: () => {}, error: () => {} };
  const ports: Ports = {
    clock: { nowMs: () => nowMs, sleep: () => new Promise(() => {}) },
    chance: sim.random,
    ecs: world.ecs,
    flink: noted(done, world.flink, 'run', 'cancel', 'savepoint', 'dispose', 'upload', 'deleteJar'),
    leaders: world.leaders,
    jars: world.jars,
    snapshots: noted(done, world.snapshots, 'remove'),
    secrets: world.secrets,
    store: noted(done, world.store, 'commit'),
    alerts: noted(done, world.alerts, 'publish'),
    webhooks: { [WEBHOOK]: noted(done, world.webhook, 'publish') },
    metrics: { put: async () => {} },
    log,
  };
  let last = await pass(ports, { cluster, lease, outcomes: [], untilMs });
  const again = async (): Promise<void> => {
    done.length = 0;
    last = await pass(ports, { cluster, lease: last.lease, outcomes: last.outcomes, untilMs });
  };
  // Of a jar that another job may need only the note is removed.
  const isTidying = (): boolean => last.decisions.some(({ effect }) => effect?.kind === 'delete-jar');
  const untilNothingIsLeft = async (): Promise<void> => {
    for (let n = 0; n < LEFT_MAX && (isTidying() || done.some((each) => ONE_A_PASS.has(each))); n += 1) await again();
  };
  await untilNothingIsLeft();
  const isDue = done.some(isEffect);
  await again();
  // What was left waits for a savepoint that was due.
  if (isDue) await untilNothingIsLeft();
  if (isDue && !done.some(isEffect)) await again();
};

/** A port that notes which of these it was asked for. */
const noted = <P extends object>(done: string[], port: P, ...names: readonly (keyof P)[]): P =>
  new Proxy(port, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...args: readonly unknown[]) => {
        if (names.some((each) => each === name) && !isEmptyCommit(name, args)) done.push(String(name));
        return method.apply(target, args);
      };
    },
  });

/** What changes the world, and not only what is known of it. */
const isEffect = (name: string): boolean => name !== 'commit' && name !== 'publish';

/** Jars, old savepoints and directories of a job go one after the other. */
const ONE_A_PASS: ReadonlySet<string> = new Set(['deleteJar', 'dispose', 'remove']);

/** No job of a run leaves more. */
const LEFT_MAX = 20;

/** It renews the lease. */
const isEmptyCommit = (name: string | symbol, [, changes]: readonly unknown[]): boolean => {
  if (name !== 'commit') return false;
  const { jobs, incidents, log, consumed = [], pause } = changes as Changes;
  return Object.keys(jobs).length + incidents.length + log.length + consumed.length === 0 && pause === undefined;
};
