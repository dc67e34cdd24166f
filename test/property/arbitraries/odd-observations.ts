import fc from 'fast-check';
import type {
  Checkpoints,
  EcsView,
  FlinkJob,
  FlinkView,
  JobManagerTask,
  Observation,
  SavepointStatus,
  Snapshot,
  TaskManagersView,
  TaskStop,
} from '../../../lib/core/model.ts';
import { jm } from '../../support/builders.ts';
import { byKey, id, incarnation, jar, name, number, seen, someOf, state, taskArn, yes } from './odd-values.ts';

const stop: fc.Arbitrary<TaskStop> = fc.record(
  {
    code: fc.constantFrom('EssentialContainerExited', 'TaskFailedToStart', 'ServiceSchedulerInitiated', ''),
    reason: fc.constantFrom('Task failed container health checks', ''),
    createdMs: number,
    atMs: number,
    exits: someOf(
      fc.record(
        { container: name, exitCode: fc.constantFrom(0, 137, 239, -1), reason: name },
        { requiredKeys: ['container'] },
      ),
    ),
  },
  { requiredKeys: ['exits'] },
);

const task: fc.Arbitrary<JobManagerTask> = fc.record(
  {
    taskArn,
    service: name,
    address: fc.constantFrom(jm(1).address, ''),
    awsvpc: fc.constant(false as const),
    desiredStatus: fc.constantFrom('RUNNING', 'STOPPED', ''),
    lastStatus: fc.constantFrom('RUNNING', 'RUNNING', 'PENDING', 'STOPPED', 'DEACTIVATING', ''),
    taskDefinitionArn: name,
    stop,
  },
  { requiredKeys: ['taskArn', 'service', 'desiredStatus', 'lastStatus', 'taskDefinitionArn'] },
);

const flinkJob: fc.Arbitrary<FlinkJob> = fc.record({
  jobId: id,
  name,
  state,
  tasksRunning: number,
  tasksTotal: number,
});

const snapshot: fc.Arbitrary<Snapshot> = fc.record({
  kind: fc.constantFrom('checkpoint', 'savepoint'),
  path: fc.constantFrom('s3://state/a/chk-1', 's3://state/a/chk-2', 'file:/x', ''),
  id: number,
  atMs: number,
});

const checkpoints: fc.Arbitrary<Checkpoints> = fc.record({ completed: number, snapshots: someOf(snapshot) });

const savepoint: fc.Arbitrary<SavepointStatus> = fc.oneof(
  fc.record({ state: fc.constantFrom('in-progress', 'unknown') }),
  fc.record({ state: fc.constant('completed'), path: name }),
  fc.record({ state: fc.constant('failed'), because: name }),
);

const view: fc.Arbitrary<FlinkView> = fc.record({
  incarnation,
  identity: fc.record({
    process: name,
    version: fc.constantFrom('1.20.5', '1.20.5', '2.0', '1.17', '', 'x.y', '1'),
    submission: fc.constantFrom(true, true, false),
    ha: fc.constantFrom('none', 'none', 'none', 'zookeeper', ''),
    storage: fc.constant({ retained: 1 }),
  }),
  jobs: seen(someOf(flinkJob)),
  slots: seen(fc.record({ free: number, total: number })),
  byId: byKey(id, seen(state)),
  checkpoints: byKey(id, seen(checkpoints)),
  checkpointConfigs: fc.constant({}),
  savepoints: byKey(id, seen(savepoint)),
});

const ecs: fc.Arbitrary<EcsView> = fc.record({
  services: someOf(fc.record({ name, desiredCount: number })),
  tasks: someOf(task),
  missing: someOf(taskArn),
});

const taskManagers: fc.Arbitrary<TaskManagersView> = fc.record({
  services: someOf(fc.record({ name, desiredCount: number, runningCount: number })),
  stopped: someOf(fc.record({ service: name, stop })),
});

export const oddObservation: fc.Arbitrary<Observation> = fc.record({
  ecs: seen(ecs),
  taskManagers: seen(taskManagers),
  flink: byKey(taskArn, seen(view)),
  jars: byKey(
    jar,
    seen(
      fc.oneof(
        fc.record({ present: yes, version: name, sizeBytes: number }),
        fc.record({ present: fc.constant(false as const) }),
      ),
    ),
  ),
});
