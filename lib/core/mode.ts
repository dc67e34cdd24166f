import type { Decision } from './decision.ts';
import type { Cluster, Effect, Job, Pause, Problem } from './model.ts';
import { modeOf } from './spec.ts';
import { utc } from './times.ts';

/** Why nothing may be done for a job now, whatever is decided; undefined = everything may. */
export type Restraint =
  | { readonly kind: 'watch' | 'dry-run'; readonly text: string }
  | { readonly kind: 'pause'; readonly text: string };

/** The mode counts before a pause, the cluster's pause before the job's. */
export const restraintOf = (
  cluster: Cluster,
  job: Job,
  pauses: readonly (Pause | undefined)[],
  nowMs: number,
): Restraint | undefined => {
  const mode = modeOf(cluster, job);
  if (mode !== 'run') return { kind: mode, text: modeText(cluster, job) };
  for (const pause of pauses)
    if (pause !== undefined && isOn(pause, nowMs)) return { kind: 'pause', text: pauseText(pause) };
  return undefined;
};

/** A pause ends by itself: a comparison, never an absence. */
export const isOn = ({ untilMs }: Pause, nowMs: number): boolean => untilMs === undefined || nowMs < untilMs;

/** The decision without its effect, saying why; a dry run keeps it for show. Nothing is worth waiting for then. */
export const restrained = (decision: Decision, restraint: Restraint | undefined): Decision => {
  if (restraint === undefined) return decision;
  const { effect, waitFor: _, ...rest } = decision;
  const dry = restraint.kind === 'dry-run' ? ({ dryRun: true } as const) : {};
  if (effect === undefined) return { ...rest, ...dry };
  const because = `${decision.because}; not done: ${restraint.text}`;
  const told = { ...rest, ...toldOf(rest.problem, effect, restraint) };
  if (restraint.kind === 'dry-run') return { ...told, ...dry, because, verdict: 'would', effect };
  return { ...told, because, verdict: restraint.kind === 'watch' ? 'watch' : 'wait' };
};

/** A message promises no start, and no end, that does not come. */
const toldOf = (problem: Problem | undefined, { kind }: Effect, { text }: Restraint): Pick<Decision, 'problem'> => {
  if (problem === undefined || (kind !== 'run' && kind !== 'cancel')) return {};
  return { problem: { ...problem, next: `Nothing is done: ${text}. Otherwise: ${problem.next}` } };
};

/** `mode: watch`, with its reason where the manifest does not say it. */
export const modeText = (cluster: Cluster, job: Job): string => {
  const mode = modeOf(cluster, job);
  const because = cluster.modeBecause !== undefined && cluster.mode === mode ? ` (${cluster.modeBecause})` : '';
  return `\`mode: ${mode}\`${because}`;
};

const pauseText = ({ who, why, untilMs }: Pause): string => {
  const end = untilMs === undefined ? 'until it is resumed' : `until ${utc(untilMs)}`;
  return `paused by ${who} ${end}: ${why}`;
};
