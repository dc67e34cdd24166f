import type { decide } from '../core/decide.ts';
import type { Decision } from '../core/decision.ts';
import { defaults } from '../core/defaults.ts';
import type { Checked, Cluster, JobMemory, Left, Observation } from '../core/model.ts';
import { isLeft } from '../core/state/check.ts';
import {
  checkpointDirsOf,
  isSamePath,
  normalPath,
  type Places,
  savepointDirsOf,
} from '../core/state/snapshot-places.ts';
import type { Ports, SnapshotFiles } from '../ports.ts';
import { seen } from '../seen.ts';

/**
 * The observation with the daily checks that are due: bucket rules over the snapshots, and what earlier attempts left. Nobody waits for them: they
 * are made when nothing else is to be done, or had to be for long, of a few jobs in one pass.
 */
export const withChecks = async (
  { snapshots, clock }: Ports,
  cluster: Cluster,
  memories: Readonly<Record<string, JobMemory>>,
  observation: Observation,
  { readiness, decisions }: ReturnType<typeof decide>,
  untilMs: number,
): Promise<Observation> => {
  const wanted = decisions.filter(({ wantsCheck }) => wantsCheck !== undefined);
  if (wanted.length === 0 || !readiness.ready) return observation;
  // What a dry run would do keeps nobody.
  const isIdle = !decisions.some(
    ({ verdict, effect }) => verdict === 'wait' || (verdict === 'act' && effect?.kind === 'run'),
  );
  const isDue = ({ wantsCheck }: Decision): boolean => wantsCheck === 'now' || (isIdle && wantsCheck === 'idle');
  const due = cluster.jobs
    .filter(({ name }) => wanted.some((decision) => decision.job === name && isDue(decision)))
    .slice(0, defaults.checksMax);
  if (due.length === 0) return observation;
  const { storage } = readiness.view.identity;
  const deadlineMs = Math.min(untilMs, clock.nowMs() + defaults.lookMs);
  const checks = await Promise.all(
    due.map(async (job): Promise<readonly [string, Checked]> => {
      const memory = memories[job.name] ?? { schema: 1, attempts: [] };
      const places = { cluster, job, attempts: memory.attempts, storage };
      const [expiry, left] = await Promise.all([
        seen(() => expiryOver(snapshots, places, deadlineMs)),
        seen(() => leftBehind(snapshots, places, memory, deadlineMs)),
      ]);
      return [job.name, { expiry, left }];
    }),
  );
  return { ...observation, checks: Object.fromEntries(checks) };
};

const expiryOver = async (files: SnapshotFiles, places: Places, deadlineMs: number): Promise<string | undefined> => {
  for (const directory of new Set([...checkpointDirsOf(places), ...savepointDirsOf(places)])) {
    const rule = await files.expiry(directory, deadlineMs);
    if (rule !== undefined) return rule;
  }
  return undefined;
};

/** Directories of earlier attempts with their sizes, the oldest first. Where savepoints lie beside checkpoints, or secrets of a path hide files, nobody can say. */
const leftBehind = async (
  files: SnapshotFiles,
  places: Places,
  memory: JobMemory,
  deadlineMs: number,
): Promise<readonly Left[]> => {
  const { job, storage } = places;
  const beside = savepointDirsOf(places);
  if (storage?.flat || storage?.entropyKey !== undefined) return [];
  const paths: string[] = [];
  for (const dir of checkpointDirsOf(places).filter((each) => !beside.some((one) => isSamePath(one, each)))) {
    const names = await files.children(dir, job.lineage, deadlineMs);
    paths.push(...names.toSorted().map((name) => `${dir}/${name}`));
  }
  const old = paths.filter((path) => isLeft(job, memory, path)).slice(0, defaults.leftMax);
  const left = await Promise.all(
    old.map(async (path): Promise<readonly Left[]> => {
      if (await holdsSavepoint(files, memory, path, deadlineMs)) return [];
      return [{ path, ...(await files.size(path, deadlineMs)) }];
    }),
  );
  return left.flat();
};

/** Savepoints are kept for as long as people want them, and went here where this was the directory of savepoints, too, for a time. */
const holdsSavepoint = async (
  files: SnapshotFiles,
  { attempts }: JobMemory,
  path: string,
  deadlineMs: number,
): Promise<boolean> => {
  const isKnown = attempts.some(({ snapshots = [] }) =>
    snapshots.some((each) => each.kind === 'savepoint' && normalPath(each.path).startsWith(`${normalPath(path)}/`)),
  );
  return isKnown || (await files.children(path, 'savepoint-', deadlineMs)).length > 0;
};
