import assert from 'node:assert/strict';
import type { JobFlow } from '../../../../lib/core/health/figures.ts';
import type { RunRequest } from '../../../../lib/ports.ts';
import { type Case, expectFault, waitFor } from '../case.ts';
import { cancel, type FlinkTarget, jars, mainCase, sample, soon, withJar } from './target.ts';

/** How records get through a job, which only Flink knows. */
export const flowCases: readonly Case<FlinkTarget>[] = [
  {
    name: 'what a source gives on is counted, and nothing waits in a job that keeps up; a job that is unknown has no flow',
    run: async (target) => {
      const seen = await flowOf(target, jars.sample, sample(target.jobId('flows')), ({ records = 0 }) => records > 0);
      assert.deepEqual(
        seen?.vertices.map(({ parallelism, pressuredMs }) => [parallelism, pressuredMs]),
        [
          [1, 0],
          [1, 0],
        ],
      );
      assert((seen?.atMs ?? 0) > 1_000_000_000_000);
      const { flink, url } = target;
      await expectFault(
        flink.flow({ url }, target.jobId('never run'), { records: true }, soon()),
        'rejected',
        'JOB_UNKNOWN',
      );
    },
  },
  {
    name: 'what waits for a slow vertex after it is told by its own',
    run: async (target) => {
      const isPressed = ({ vertices: [source] }: JobFlow) => (source?.pressuredMs ?? 0) > 0;
      const seen = await flowOf(target, jars.cases, mainCase(target.jobId('pressed'), 'pressed'), isPressed);
      assert.deepEqual(
        seen?.vertices.map(({ name, pressuredMs }) => [name, pressuredMs > 0]),
        [
          ['Source: Sequence Source', true],
          ['Filter -> Sink: Writer', false],
        ],
      );
    },
  },
  {
    name: 'a source that is chained with all behind it is counted by its operator',
    run: async (target) => {
      const request = mainCase(target.jobId('chained'), 'chained');
      const seen = await flowOf(target, jars.cases, request, ({ records = 0 }) => records > 0);
      assert.deepEqual(
        seen?.vertices.map(({ name }) => name),
        ['Source: Sequence Source -> Sink: Writer'],
      );
    },
  },
];

/** The flow of such a job once it `holds`: a JobManager collects metrics when it is asked for them, every ten seconds at most. */
const flowOf = async (
  target: FlinkTarget,
  jar: string,
  request: RunRequest,
  holds: (flow: JobFlow) => boolean,
): Promise<JobFlow | undefined> => {
  const { flink, url } = target;
  const { jobId } = request;
  let seen: JobFlow | undefined;
  await withJar(target, jar, async (jarId) => {
    await flink.run({ url }, jarId, request, soon());
    const ask = () => flink.flow({ url }, jobId, { records: true }, soon());
    seen = await waitFor('a flow', ask, (flow) => flow !== undefined && holds(flow));
    await cancel(target, jobId);
  });
  return seen;
};
