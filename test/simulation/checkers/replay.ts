import { equal } from '../../../lib/core/equal.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { Cluster } from '../../../lib/core/model.ts';
import { pass } from '../../../lib/pass.ts';
import type { Lease, Ports } from '../../../lib/ports.ts';
import type { Call, Invocation, Sim } from '../sim.ts';
import { turn } from '../turn.ts';
import { WEBHOOK } from '../world/world.ts';
import type { Run } from './checker.ts';

/**
 * I11: the same memory, observation and time give the same decision: the first passes of some invocations are decided
 * once more from what they were given, and have to come to what they wrote.
 */
export const replay = async ({ sim }: Run): Promise<string | undefined> => {
  for (const each of someOf(sim)) {
    const again = await decideAgain(each);
    const first = JSON.stringify(each.commit.args[1]);
    const isOther = again !== undefined && again !== first && withoutDice(again) !== withoutDice(first);
    if (isOther && isTold(each)) return `${each.by.name} would decide otherwise the second time`;
  }
  return undefined;
};

/** Of every few one. */
const someOf = ({ invocations, seed }: Sim): readonly FirstPass[] => {
  const some: FirstPass[] = [];
  let found = 0;
  for (const by of invocations) {
    const pass = firstPassOf(by);
    if (pass === undefined) continue;
    if (found % EVERY === seed % EVERY) some.push(pass);
    if (some.length === REPLAYS_MAX) break;
    found += 1;
  }
  return some;
};

const EVERY = 5;
const REPLAYS_MAX = 1;

type FirstPass = {
  readonly by: Invocation;
  readonly cluster: Cluster;
  /** What it was given, from the load on. */
  readonly given: readonly Call[];
  readonly commit: Call;
};

/** Of an invocation that works on one cluster and came to a commit. */
const firstPassOf = (by: Invocation): FirstPass | undefined => {
  const { calls, manifest } = by;
  // Its clock may have jumped, and with it the time that it had left.
  if (by.disturbed || manifest.length > 1) return undefined;
  const commit = calls.find(({ name }) => name === 'store.commit');
  const load = calls.find(({ name }) => name === 'store.load');
  const cluster = manifest.find(({ name }) => name === load?.args[0]);
  if (commit === undefined || load === undefined || cluster === undefined) return undefined;
  const given = calls.slice(calls.indexOf(load), calls.indexOf(commit));
  // A pass that has nothing to write first may have told something before.
  const isOne = given.filter(({ name }) => name === load.name || name.endsWith('.publish')).length === 1;
  return isOne ? { by, cluster, given, commit } : undefined;
};

/** The checks of several jobs ask the same, side by side: where their answers differ nobody can say whose was which. */
const isTold = ({ given }: FirstPass): boolean => {
  const asked = given.filter(({ name }) => name === 'snapshots.expiry');
  return asked.every((a) => asked.every((b) => !isSame(a.args, b.args) || isAnswered(a) === isAnswered(b)));
};

const isAnswered = ({ given }: Call): boolean => given !== undefined && 'value' in given;

/** What the same pass would write; undefined = it does not get that far. */
const decideAgain = async ({ by, cluster, given, commit }: FirstPass): Promise<string | undefined> => {
  const [lease, , , nowMs] = commit.args;
  let written: string | undefined;
  let isLater = false;
  const ports = playing(
    [...given],
    { by, nowMs: Number(nowMs) },
    {
      commit: (args) => {
        written = JSON.stringify(args[1]);
      },
      // Its clock stands at the commit, when a sample may be due that was not yet when Flink was asked.
      missing: (name) => {
        isLater ||= name === 'flink.restarts';
      },
    },
  );
  const input = { cluster, lease: lease as Lease, outcomes: [], untilMs: by.untilMs + by.skewMs };
  pass(ports, input).catch(() => {});
  for (let turns = 0; turns < TURNS_MAX && written === undefined; turns += 1) await turn();
  return isLater ? undefined : written;
};

/** Each carries out all that is due; a look has a handful of steps. */
const TURNS_MAX = 10;

/** Ports that give what was given, each answer once, and end with the commit. */
const playing = (
  given: Call[],
  { by, nowMs }: { readonly by: Invocation; readonly nowMs: number },
  told: { readonly commit: (args: readonly unknown[]) => void; readonly missing: (name: string) => void },
): Ports => {
  const search = given.find(({ name }) => name.startsWith('snapshots.'));
  // Snapshots are looked for once all else was seen, which takes its time.
  let unsearched = given.filter(({ name }) => name.startsWith('snapshots.')).length;
  const seenMs = search === undefined ? nowMs : search.atMs + by.skewMs;
  const play = (name: string, args: readonly unknown[]): unknown => {
    const index = given.findIndex((call) => call.name === name && isSame(call.args, args));
    const [call] = index < 0 ? [] : given.splice(index, 1);
    if (call?.name.startsWith('snapshots.')) unsearched -= 1;
    // It had no time left to ask.
    if (call === undefined) {
      told.missing(name);
      throw new Fault('transient', 'NO_TIME', name);
    }
    if (call.given === undefined) return new Promise(() => {});
    if ('fault' in call.given) throw call.given.fault;
    return call.given.value;
  };
  const port = <P extends object>(name: string): P =>
    new Proxy({} as P, {
      get:
        (_, method) =>
        async (...args: readonly unknown[]) => {
          if (method !== 'commit') return play(`${name}.${String(method)}`, args);
          told.commit(args);
          throw new Fault('conflict', 'ENOUGH', 'the decision is known');
        },
    });
  return {
    clock: { nowMs: () => (unsearched === 0 ? nowMs : seenMs), sleep: () => new Promise(() => {}) },
    chance: { hex: (bytes) => '0'.repeat(2 * bytes) },
    ecs: port('ecs'),
    flink: port('flink'),
    leaders: port('leaders'),
    jars: port('jars'),
    snapshots: port('snapshots'),
    secrets: port('secrets'),
    store: port('store'),
    alerts: port('alerts'),
    webhooks: { [WEBHOOK]: port('webhook') },
    metrics: { put: async () => {} },
    log: { info: () => {}, error: () => {} },
  };
};

/** But for the deadline, which is the last one. */
const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean => equal(a.slice(0, -1), b.slice(0, -1));

/** What is written, but for the dice in new job ids. */
const withoutDice = (written: string): string => written.replaceAll(/([0-9a-f]{24})[0-9a-f]{8}(?=")/g, '$1');
