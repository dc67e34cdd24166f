import type { Decision } from './decision.ts';
import { defaults } from './defaults.ts';
import type { Effect } from './model.ts';
import { bakedJar } from './spec.ts';

/**
 * Decisions whose uploads fit into the time of one pass. The others wait for the next one, which follows at once: without
 * an intent, since a failed submission would be told as one. Those that were tried less often go first.
 */
export const withinUploads = (decisions: readonly Decision[]): readonly Decision[] => {
  // What a dry run would upload takes no time.
  const acting = decisions.filter(({ verdict }) => verdict === 'act');
  const uploads = acting.map(({ effect }) => effect).filter(isUpload);
  if (uploads.length === 0) return decisions;
  const chosen = new Set<string>();
  let bytes = 0;
  for (const effect of uploads.toSorted((a, b) => a.attempt.posts.length - b.attempt.posts.length)) {
    const key = uploadKey(effect);
    if (chosen.has(key)) continue;
    bytes += effect.attempt.jarSizeBytes;
    if (chosen.size > 0 && bytes > defaults.uploadBytesMax) break;
    chosen.add(key);
  }
  const later: ReadonlySet<Effect | undefined> = new Set(uploads.filter((effect) => !chosen.has(uploadKey(effect))));
  return decisions.map((decision) => (later.has(decision.effect) ? waits(decision) : decision));
};

/** The same for jobs that share one upload: the same version of the same jar, on the same process. */
export const uploadKey = ({ attempt, post }: Run): string =>
  `${post.to.process} ${attempt.spec.jar} ${attempt.jarVersion}`;

/** Its jar has to be brought: it is not baked into the image, and none was left by an earlier POST. */
export const isUpload = (effect: Effect | undefined): effect is Run =>
  effect?.kind === 'run' && effect.jarId === undefined && bakedJar(effect.attempt.spec.jar) === undefined;

type Run = Extract<Effect, { kind: 'run' }>;

const waits = ({ effect: _, ...decision }: Decision): Decision => ({
  ...decision,
  verdict: 'wait',
  because: `${decision.because}; other jars are uploaded first`,
});
