import type { ClusterMemory, EcsView, FlinkJob, JobManagerIdentity } from '../../../lib/core/model.ts';
import type { FlinkRest, RunRequest } from '../../../lib/ports.ts';
import type { Call } from '../sim.ts';

/** What an invocation was given in the look that a call of it rests on: since it last loaded the memory. */
export type LookBefore = {
  readonly memory: ClusterMemory | undefined;
  readonly ecs: EcsView | undefined;
  /** All it was given by the JobManager at this address. */
  at(address: string): At;
  readonly jars: readonly unknown[];
};

export type At = {
  readonly processes: readonly string[];
  readonly jobs: readonly FlinkJob[] | undefined;
  readonly slotsKnown: boolean;
  /** By id: its state, or `absent`. */
  readonly states: ReadonlyMap<string, string>;
};

/** The part of it that came before `call`. */
export const lookBefore = (call: Call): LookBefore => {
  const { calls } = call.by;
  const end = calls.indexOf(call);
  const begin = calls.findLastIndex(({ name }, index) => index < end && name === 'store.load');
  const look = calls.slice(Math.max(begin, 0), end);
  const values = <T>(name: Call['name'], only: (call: Call) => boolean = () => true): readonly T[] =>
    look
      .filter((each) => each.name === name && only(each))
      .flatMap(({ given }) => (given !== undefined && 'value' in given ? [given.value as T] : []));
  return {
    memory: values<ClusterMemory>('store.load')[0],
    ecs: values<EcsView>('ecs.look').at(-1),
    jars: values('jars.look'),
    at: (address) => {
      const here = ({ args: [at] }: Call): boolean => urlOf(at).includes(`//${address}:`);
      return {
        processes: values<JobManagerIdentity>('flink.identity', here).map(({ process }) => process),
        jobs: values<readonly FlinkJob[]>('flink.jobs', here).at(-1),
        slotsKnown: values('flink.slots', here).length > 0,
        states: new Map(
          look
            .filter((each) => each.name === 'flink.jobState' && here(each))
            .flatMap(({ args, given }) =>
              given !== undefined && 'value' in given ? [[String(args[1]), String(given.value)] as const] : [],
            ),
        ),
      };
    },
  };
};

/** Where a call to Flink goes. */
export const urlOf = (at: unknown): string => (at as Parameters<FlinkRest['jobs']>[0]).url;

/** The job id of a POST or a cancel. */
export const jobIdOf = ({ name, args }: Call): string =>
  name === 'flink.run' ? (args[2] as RunRequest).jobId : String(args[1]);
