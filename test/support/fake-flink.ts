import { frozen } from '../../lib/adapters/frozen.ts';
import { Fault } from '../../lib/core/errors.ts';
import type { JobManagerTask } from '../../lib/core/model.ts';
import type { EcsTasks, Endpoint, FlinkRest } from '../../lib/ports.ts';

/**
 * A JobManager service without HA in the ECS cluster `flink`, as ECS and Flink's REST show it: tasks, the processes in them, their jars and jobs.
 * Jobs live until their process ends; an id that is live is refused; `main()` runs inside the call, whoever listens.
 */
export const createFakeFlink = (world: FakeWorld): FakeFlink => {
  const tasks: FakeTask[] = [];
  let processes = 0;
  let posts = 0;
  let live: readonly string[] = [];
  const processAt = ({ url }: Endpoint): Process => {
    const process = tasks.find(({ address }) => url === `http://${address}:8081`)?.process;
    if (process !== undefined && world.nowMs() >= process.readyMs) return process;
    throw new Fault('transient', 'FLINK_UNREACHABLE', 'connection refused');
  };
  const isListed = ({ stoppedMs }: FakeTask): boolean => stoppedMs === undefined || world.nowMs() < stoppedMs + 60_000;
  return {
    live: () => live,
    wanted: () => tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING'),
    addTask: () => {
      const n = tasks.length + 1;
      const names = {
        taskArn: `${tasksOf}${n}`,
        address: `10.0.0.${n}`,
        service: 'jobmanager',
        taskDefinitionArn: 'arn:aws:ecs:eu-west-1:000000000000:task-definition/jm:1',
      };
      const task = { ...names, desiredStatus: 'RUNNING', lastStatus: 'PENDING' };
      tasks.push(task);
      return task;
    },
    boot: (task, readyMs, slotsMs) => {
      processes += 1;
      const id = `flink-web-${processes}`;
      const jobs = new Set(processes === 1 ? world.residents : []);
      live = [...live, ...jobs];
      task.process = { id, readyMs, slotsMs, jobs, canceled: new Set(), jars: new Set(), mains: new Map() };
      task.lastStatus = 'RUNNING';
      return id;
    },
    end: (task) => {
      const { process } = task;
      delete task.process;
      live = live.filter((jobId) => process?.jobs.has(jobId) !== true);
      for (const breakOff of process?.mains.values() ?? []) breakOff();
    },
    ecs: {
      look: async (_, asked) => {
        const listed = tasks.filter(isListed).map(({ process: _process, stoppedMs: _ms, ...task }) => task);
        const missing = asked.filter((arn) => !listed.some(({ taskArn }) => taskArn === arn));
        return frozen({ services: [{ name: 'jobmanager', desiredCount: 1 }], tasks: listed, missing });
      },
    },
    flink: {
      identity: async (at) => frozen({ process: processAt(at).id, version: '1.20.5', submission: true, ha: 'none' }),
      jobs: async (at) =>
        frozen(
          [...processAt(at).jobs, ...processAt(at).canceled].map((jobId) => {
            const isLive = processAt(at).jobs.has(jobId);
            const state = isLive ? world.stateOf(jobId) : 'CANCELED';
            return { jobId, name: world.nameOf(jobId), state, tasksRunning: isLive ? 1 : 0, tasksTotal: 1 };
          }),
        ),
      jobState: async (at, jobId) => {
        if (processAt(at).canceled.has(jobId)) return 'CANCELED';
        return processAt(at).jobs.has(jobId) ? world.stateOf(jobId) : 'absent';
      },
      slots: async (at) => frozen({ free: world.nowMs() < processAt(at).slotsMs ? 0 : 20, total: 20 }),
      upload: async (at) => {
        const jarId = world.newJarId();
        processAt(at).jars.add(jarId);
        return jarId;
      },
      cancel: async (at, jobId) => {
        const process = processAt(at);
        world.cancels(jobId);
        if (!process.jobs.delete(jobId)) return;
        process.canceled.add(jobId);
        live = live.filter((each) => each !== jobId);
      },
      deleteJar: async (at, jarId) => {
        processAt(at).jars.delete(jarId);
      },
      run: (at, jarId, { jobId }) =>
        new Promise((resolve, reject) => {
          const process = processAt(at);
          if (!process.jars.has(jarId))
            return reject(new Fault('rejected', 'JAR_GONE', `Jar file ${jarId} does not exist`));
          const twins = [...process.mains.keys()].filter((key) => key.endsWith(jobId)).length;
          posts += 1;
          const key = `${posts} ${jobId}`;
          process.mains.set(key, () => reject(new Fault('unknown-outcome', 'RUN_BROKEN', 'the JobManager ended')));
          world.at(world.nowMs() + world.main(jobId, process.id, twins), () => {
            if (!process.mains.delete(key) || !tasks.some((task) => task.process === process)) return;
            if (process.jobs.has(jobId) || process.canceled.has(jobId))
              return reject(new Fault('rejected', 'DUPLICATE_JOB', `${jobId} is known`));
            process.jobs.add(jobId);
            live = [...live, jobId];
            // Listed before it is answered.
            world.at(world.nowMs() + 60, resolve);
          });
        }),
    },
  };
};

const tasksOf = 'arn:aws:ecs:eu-west-1:000000000000:task/flink/';

/** Flink's words for a job that lives and does not run. */
export const liveStates = [
  'INITIALIZING',
  'CREATED',
  'FAILING',
  'CANCELLING',
  'RESTARTING',
  'RECONCILING',
  'SUSPENDED',
];

/** What the fake takes from its test. */
export type FakeWorld = {
  nowMs(): number;
  at(ms: number, run: () => unknown): void;
  newJarId(): string;
  /** Jobs that run on the first process from its start, by other hands than ours. */
  readonly residents: readonly string[];
  nameOf(jobId: string): string;
  /** Flink's word for a job that lives. */
  stateOf(jobId: string): string;
  /** A call to cancel reached a process. */
  cancels(jobId: string): void;
  /** A POST reached a process: how long `main()` takes there. `twins` = how many of that id are in it already. */
  main(jobId: string, process: string, twins: number): number;
};

export type FakeFlink = {
  readonly ecs: EcsTasks;
  readonly flink: FlinkRest;
  /** The ids of all jobs on all living processes; a new list whenever it changes. */
  live(): readonly string[];
  /** Tasks with desiredStatus RUNNING. */
  wanted(): readonly FakeTask[];
  addTask(): FakeTask;
  /** A new process in a task: it answers from `readyMs`, and has slots from `slotsMs`. */
  boot(task: FakeTask, readyMs: number, slotsMs: number): string;
  /** The process of a task ends, with all its jobs and calls. */
  end(task: FakeTask): void;
};

/** `stoppedMs`: a minute later ECS does not list it any more. */
export type FakeTask = { -readonly [K in keyof JobManagerTask]: JobManagerTask[K] } & {
  process?: Process;
  stoppedMs?: number;
};

type Process = {
  readonly id: string;
  readonly readyMs: number;
  readonly slotsMs: number;
  readonly jobs: Set<string>;
  /** Ended by a call, and still listed. */
  readonly canceled: Set<string>;
  readonly jars: Set<string>;
  /** Each running main() with how its caller hears of the process's end. */
  readonly mains: Map<string, () => void>;
};
