import { publishAddress, WORLD_FOLDER, withdrawAddress } from './control/address.ts';
import { startControl } from './control/control-server.ts';
import { type DeployAllOptions, deployAll, highAvailability, stateUri } from './deploy/deployments.ts';
import { writeLedManifest } from './deploy/led-manifest.ts';
import { END_SIGNALS } from './process/end-signals.ts';
import { watchNpm } from './process/watch-npm.ts';
import { createDescriber } from './show/describe.ts';
import { enabledJobs } from './show/enabled-jobs.ts';
import { createMilestones, type Milestone, type Milestones } from './show/milestones.ts';
import { createTimeline, type Timeline } from './show/timeline.ts';
import { watchWorld } from './show/watch.ts';
import { type Options, readOptions, START_USAGE } from './start-options.ts';
import { waitFor } from './wait-for.ts';
import { FolderInUse, startWorld, type World } from './world.ts';

/** From the start of the deploys to the last job's running; downloads are not part of it. */
const RUNNING_WITHIN_MS = 180_000;

/** How long milestones wait for those below them once all jobs run. */
const GRACE_MS = 5_000;

/** `npm start`: a local AWS, Flink and the autopilot in it, shown live until the jobs run, then kept up. */
const main = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    console.error(START_USAGE);
    return 2;
  }
  const timeline = createTimeline(process.stderr, () => performance.now());
  const session: Session = {};
  watchNpm(() => process.exit(END_SIGNALS.SIGTERM)); // at once: the guardian ends what we started
  const asked = askedToEnd();
  const code = await Promise.race([asked, work(timeline, options, session)]);
  timeline.close();
  withdraw(session);
  await session.world?.stop();
  return code;
};

const work = async (timeline: Timeline, options: Options, session: Session): Promise<number> => {
  try {
    const jobs = await enabledJobs();
    const world = await startWorld({
      dir: WORLD_FOLDER,
      report: timeline.progress,
      flink: options.flink,
      zookeeper: options.jobManagers > 1,
    });
    session.world = world;
    await Promise.race([world.broken, run(world, jobs, timeline, options)]);
    return options.until ? 0 : await world.broken;
  } catch (error) {
    timeline.fail(error instanceof Error ? error.message : String(error));
    return error instanceof FolderInUse ? 2 : 1;
  }
};

type Session = { world?: World };

const run = async (world: World, jobs: readonly string[], timeline: Timeline, options: Options): Promise<void> => {
  const milestones = createMilestones(jobs, GRACE_MS);
  const tell = (): void => {
    for (const milestone of milestones.take(Date.now())) tellMilestone(milestone, options);
  };
  milestones.reach({ milestone: 'cloud-up', atMs: Date.now() });
  tell();
  timeline.done(`AWS is up: ${world.emulatorUrl}`);
  timeline.mark(`Flink's state goes to ${stateUri(world)}${whyNotS3(world)}`);
  const control = await startControl(world);
  publishAddress(control.address);
  const describe = createDescriber();
  watchWorld(world, (happening) => {
    const text = describe(happening);
    if (text !== undefined) timeline.mark(text, sinceStart(happening.atMs));
    milestones.see(happening);
    tell();
  });
  const toRunning = async () => {
    await deployAll(world, { step: timeline.step, ...asLed(world, options) });
    milestones.reach({ milestone: 'deployed', atMs: Date.now() });
    await waitFor('all jobs to run', RUNNING_WITHIN_MS, async () => {
      tell();
      return milestones.finished();
    });
  };
  await Promise.race([toRunning(), hangingAfter(RUNNING_WITHIN_MS, milestones)]);
  const ui = world.agent.tasks().findLast(({ role, alive }) => role === 'jobmanager' && alive)?.address;
  const address = ui === undefined ? 'no JobManager is alive now' : `http://${ui}:8081`;
  timeline.done(`RUNNING. Flink's UI: ${address}${options.until ? '' : '   Ctrl-C ends everything'}`);
};

/** Several JobManagers are one cluster by the ZooKeeper of the world. */
const asLed = (world: World, { jobManagers }: Options): Pick<DeployAllOptions, 'params' | 'manifest'> => {
  if (world.zookeeper === undefined) return {};
  const led = highAvailability(world, jobManagers);
  return { params: led.params, manifest: writeLedManifest(world, led) };
};

const whyNotS3 = ({ state }: World): string =>
  state.kind === 's3' ? '' : `, a folder of this machine and not S3: ${state.because}`;

const hangingAfter = async (maxMs: number, milestones: Milestones): Promise<never> => {
  await new Promise((resolve) => setTimeout(resolve, maxMs));
  throw new Error(`The jobs did not run within ${maxMs / 1000} s: hung on ${milestones.hungOn()}`);
};

const tellMilestone = ({ milestone, atMs, ...of }: Milestone, { json }: Options): void => {
  if (json) process.stdout.write(`${JSON.stringify({ ms: Math.round(sinceStart(atMs)), milestone, ...of })}\n`);
};

const sinceStart = (atMs: number): number => atMs - performance.timeOrigin;

// The first signal ends everything in good order; a second one does not wait: the guardian clears up behind us.
const askedToEnd = (): Promise<number> =>
  new Promise((resolve) => {
    let asked = false;
    for (const [signal, code] of Object.entries(END_SIGNALS)) {
      process.on(signal, () => {
        if (asked) process.exit(code);
        asked = true;
        process.stderr.write('\nEnding all tasks and processes …\n');
        resolve(code);
      });
    }
  });

const withdraw = ({ world }: Session): void => {
  if (world !== undefined) withdrawAddress();
};

process.exit(await main());
