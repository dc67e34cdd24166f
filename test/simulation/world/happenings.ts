import { nextTroubleMs } from '../sim.ts';
import { dayOf } from './healthy-day.ts';
import { note } from './notes.ts';
import { cancelByHand, saveByHand, stopByHand, submitByHand } from './people/hands.ts';
import { deployManifest } from './people/manifests.ts';
import { order } from './people/orders.ts';
import { anyOf, type Happening, later, type Stage } from './stage.ts';
import { moveService, reconfigure, roll } from './trouble/deployments.ts';
import { crashLoop, freeze, kill, sleep, twoWanted } from './trouble/jobmanagers.ts';
import { fail, failAgain, failCheckpoints, giveUp, hide, jam, jamMany, stumble } from './trouble/jobs.ts';
import {
  cutOff,
  hideZooKeeper,
  killLeader,
  loseLeadership,
  loseZooKeeper,
  spoilGraph,
  wipeZooKeeper,
} from './trouble/leaders.ts';
import { killSaving, refuseSavepoints } from './trouble/savepoints.ts';
import { denySnapshots, loseMetadata, loseSnapshots } from './trouble/snapshots.ts';
import { loseItem, loseTable, restoreBackup } from './trouble/store-losses.ts';
import {
  crashTaskManagers,
  hangDatabase,
  loseDatabase,
  loseTaskManagers,
  outage,
  spoilJar,
} from './trouble/surroundings.ts';
import { usualLeaderStrikes } from './usual.ts';

/** What breaks, by kind. */
export const strikes = {
  kill,
  freeze,
  crashLoop,
  roll,
  stumble,
  fail,
  failAgain,
  giveUp,
  failCheckpoints,
  jam,
  jamMany,
  hide,
  loseTaskManagers,
  crashTaskManagers,
  loseDatabase,
  hangDatabase,
  spoilJar,
  outage,
  loseTable,
  loseItem,
  restoreBackup,
  loseMetadata,
  loseSnapshots,
  denySnapshots,
  refuseSavepoints,
  killSaving,
} satisfies Readonly<Record<string, Happening>>;

/** The same of clusters with a leader and a standby. */
export const leaderStrikes = {
  killLeader,
  loseLeadership,
  loseZooKeeper,
  hideZooKeeper,
  wipeZooKeeper,
  spoilGraph,
  cutOff,
} satisfies Readonly<Record<string, Happening>>;

/** What people do, by kind. */
export const deeds = {
  order,
  deployManifest,
  cancelByHand,
  stopByHand,
  saveByHand,
  submitByHand,
  sleep,
  twoWanted,
  moveService,
  reconfigure,
} satisfies Readonly<Record<string, Happening>>;

/** All of it, each so many times an hour of trouble and cluster; each run scales each kind by what its seed draws. */
export const createHappenings = (stage: Stage): Happenings => {
  const { sim, profile } = stage;
  const isLed = stage.clusters.some(({ zooKeeper }) => zooKeeper !== undefined);
  const kinds = [
    ...scaled(stage, strikes, profile.strikes, false),
    ...scaled(stage, deeds, profile.people, true),
    ...(isLed && !profile.isHealthy
      ? scaled(stage, leaderStrikes, { ...usualLeaderStrikes, ...profile.strikes }, false)
      : []),
  ];
  const total = totalOf(kinds);
  const perHour = total * stage.clusters.length;
  const next = (): void =>
    later(stage, 0, (2 * HOUR_MS) / perHour, () => {
      if (sim.phase === 'calm') return;
      if (sim.phase === 'trouble') {
        happen(stage, draw(stage, kinds, total));
        next();
      } else sim.time.at(nextTroubleMs(sim), next); // Nothing would come of it before.
    });
  const atOnce = kinds.filter(({ happening }) => AT_ONCE.has(happening));
  const totalAtOnce = totalOf(atOnce);
  return {
    start: () => {
      if (perHour > 0) next();
      if (profile.isHealthy) dayOf(stage);
    },
    strike: () => (sim.phase === 'calm' ? undefined : happen(stage, draw(stage, atOnce, totalAtOnce))),
  };
};

export type Happenings = {
  /** From now on they happen by themselves, in trouble. */
  start(): void;
  /** One that hits a JobManager happens now. */
  strike(): void;
};

type Kind = { readonly name: string; readonly happening: Happening; readonly rate: number; readonly isDeed: boolean };

const HOUR_MS = 3_600_000;

/** Seeds differ in what they have of everything: in some a kind never happens, in some often. */
const scaled = (
  { sim }: Stage,
  table: Readonly<Record<string, Happening>>,
  rates: Readonly<Record<string, number>>,
  isDeed: boolean,
): readonly Kind[] =>
  Object.entries(table)
    .map(([name, happening]) => ({ name, happening, isDeed, rate: (rates[name] ?? 0) * sim.random.pick(0, 0.5, 1, 2) }))
    .filter(({ rate }) => rate > 0);

const totalOf = (kinds: readonly Kind[]): number => kinds.reduce((sum, { rate }) => sum + rate, 0);

const draw = ({ sim }: Stage, kinds: readonly Kind[], total: number): Kind | undefined => {
  let left = total * (sim.random.between(0, 1_000_000) / 1_000_000);
  for (const kind of kinds) {
    left -= kind.rate;
    if (left < 0) return kind;
  }
  return kinds.at(-1);
};

const happen = (stage: Stage, kind: Kind | undefined): void => {
  const cluster = anyOf(stage, stage.clusters);
  if (kind === undefined || cluster === undefined) return;
  const what = kind.happening(stage, cluster);
  if (what === undefined) return;
  stage.sim.trace?.(kind.isDeed ? 'a person' : 'world', `${cluster.name} ${what}`);
  if (kind.isDeed) note(stage.notes, 'deeds', { atMs: stage.sim.time.nowMs(), what: kind.name, cluster: cluster.name });
};

const AT_ONCE: ReadonlySet<Happening> = new Set([kill, freeze, roll, fail, stumble]);
