import { bakedJar } from '../../../lib/core/spec.ts';
import type { Changes } from '../../../lib/ports.ts';
import type { Call } from '../sim.ts';
import { type Checker, eachCall } from './checker.ts';
import { clusterOf, jobIdOf, lookBefore } from './looks.ts';

/** I6: a restart rests on what the next start needs: nothing is cancelled for it whose jar that look did not see. */
export const cancelsStartable: Checker = eachCall(['flink.cancel'], (call) => {
  const jobId = jobIdOf(call);
  const { memory } = lookBefore(call);
  const before = Object.values(memory?.jobs ?? {}).flatMap(({ attempts }) => attempts);
  // What is cancelled once more is ending already.
  if (before.some((attempt) => attempt.jobId === jobId && attempt.stop?.sentMs !== undefined)) return undefined;
  const jar = nextJarOf(call);
  if (jar === undefined || bakedJar(jar) !== undefined) return undefined;
  return isSeen(call, jar) ? undefined : `${call.by.name} cancels ${jobId} for a restart without seeing ${jar}`;
});

/** As the intent names it: `apply` starts what the manifest says, `restart` what ran. */
const nextJarOf = (call: Call): string | undefined => {
  const { by } = call;
  const cluster = clusterOf(call);
  const commit = by.calls.slice(0, by.calls.indexOf(call)).findLast(({ name }) => name === 'store.commit');
  for (const [name, { attempts }] of Object.entries((commit?.args[1] as Changes | undefined)?.jobs ?? {})) {
    const attempt = attempts.find((each) => each.jobId === jobIdOf(call));
    if (attempt === undefined) continue;
    const job = by.manifest.find((each) => each.name === cluster)?.jobs.find((each) => each.name === name);
    return attempt.stop?.order === 'apply' ? job?.jar : attempt.spec.jar;
  }
  return undefined;
};

const isSeen = (call: Call, jar: string): boolean => {
  const { calls } = call.by;
  const { sinceMs } = lookBefore(call);
  return calls
    .slice(0, calls.indexOf(call))
    .some(
      ({ name, args: [uri], atMs, given }) =>
        name === 'jars.look' &&
        uri === jar &&
        atMs >= sinceMs &&
        given !== undefined &&
        'value' in given &&
        (given.value as { readonly present: boolean }).present,
    );
};
