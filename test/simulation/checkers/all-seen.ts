import { Fault } from '../../../lib/core/errors.ts';
import type { Attempt, JobManagerTask } from '../../../lib/core/model.ts';
import type { Changes, RunRequest } from '../../../lib/ports.ts';
import type { Call } from '../sim.ts';
import { rpcOf } from '../world/zookeeper/zookeeper.ts';
import { anyOf, type Checker, eachCall } from './checker.ts';
import { type At, clusterOf, hostOf, jobIdOf, type LookBefore, lookBefore } from './looks.ts';

/** I6: nothing is submitted or cancelled unless all that it rests on was answered in that look. */
export const allSeen: Checker = anyOf(
  eachCall(['flink.run'], (call) => {
    const missing = missingForRun(call, lookBefore(call));
    return missing && `${call.by.name} submits ${jobIdOf(call)} ${missing}`;
  }),
  eachCall(['flink.cancel'], (call) => {
    const { jobs } = lookBefore(call).at(addressOf(call));
    const isListed = jobs?.some(({ jobId, state }) => jobId === jobIdOf(call) && !ended.has(state));
    return isListed ? undefined : `${call.by.name} cancels ${jobIdOf(call)}, which it did not see`;
  }),
);

const ended: ReadonlySet<string> = new Set(['FINISHED', 'CANCELED', 'FAILED']);

/** Before its container starts, and after its end, a task runs no job. */
const idle: ReadonlySet<string> = new Set(['PROVISIONING', 'PENDING', 'STOPPED']);

const missingForRun = (call: Call, look: LookBefore): string | undefined => {
  const { memory, ecs, jars } = look;
  const jobId = jobIdOf(call);
  const cluster = call.by.manifest.find(({ name }) => name === clusterOf(call));
  if (memory === undefined) return 'without the memory';
  if (ecs === undefined) return 'without a look at ECS';
  const wanted = ecs.tasks.filter(isWantedAndUp);
  const leading = ledAt(call, look);
  const isRest = cluster?.leader === 'rest';
  if (cluster?.leader !== undefined && !isRest && leading === undefined) return 'without being told who leads';
  if (wanted.length > 1 && !isRest && leading === undefined)
    return `while ${wanted.length} JobManagers are wanted, of which nobody knows which one stays`;
  const here = look.at(addressOf(call));
  if (here.jobs === undefined) return 'without its list of jobs';
  if (here.jobs.some((job) => job.jobId === jobId)) return 'although it is listed';
  const attempts = Object.values(memory.jobs).find(({ attempts }) =>
    attempts.some((each) => isOf(each, jobId)),
  )?.attempts;
  if (attempts?.some((each) => each.jobId === jobId && each.posts.length > 0)) return undefined;
  if (!here.slotsKnown) return 'without its slots';
  if (jars.length === 0 && !isBaked(call)) return 'without a look at its jar';
  const hidden = ecs.tasks.find(
    (task) => !idle.has(task.lastStatus) && !isSeen(look, task.address) && !isStandby(look, task, leading),
  );
  if (hidden !== undefined) return `without a look at ${hidden.taskArn}, which is ${hidden.lastStatus}`;
  const open = attempts?.find((each) => mayRun(each) && !isOver(here, each.jobId) && !isHeardOf(call, each));
  return open && `without being told that ${open.jobId} is absent or over`;
};

const isWantedAndUp = ({ desiredStatus, lastStatus }: JobManagerTask): boolean =>
  desiredStatus === 'RUNNING' && lastStatus === 'RUNNING';

/** The task at the address of the call, where that look was told that it leads. */
const ledAt = (call: Call, { ecs, leaders }: LookBefore): JobManagerTask | undefined => {
  const address = addressOf(call);
  const isNamed = leaders.some(({ leader }) => leader?.rpc === rpcOf(address));
  return isNamed ? ecs?.tasks.find((task) => task.address === address) : undefined;
};

/** Made as the one that leads, or it said that it has the same leader: it runs nothing, and need not list that. */
const isStandby = (look: LookBefore, task: JobManagerTask, leading: JobManagerTask | undefined): boolean => {
  if (leading === undefined) return false;
  const placeOf = ({ address = '' }: JobManagerTask) => look.at(address).zookeeper;
  const [place, leaders] = [placeOf(task), placeOf(leading)];
  if (place === undefined) return task.taskDefinitionArn === leading.taskDefinitionArn;
  return place.quorum === leaders?.quorum && place.path === leaders.path;
};

/** A jar of the image is looked for nowhere, and its call names the process that it is for. */
const isBaked = ({ args: [, , request] }: Call): boolean => (request as RunRequest).process !== undefined;

const addressOf = ({ args: [at] }: Call): string => hostOf(at);

const isOf = ({ jobId }: Attempt, other: string): boolean => jobId.slice(0, 16) === other.slice(0, 16);

/** One process said who it is before and after, and told its jobs. */
const isSeen = (look: LookBefore, address = ''): boolean => {
  const { processes, jobs } = look.at(address);
  return jobs !== undefined && processes.length > 1 && new Set(processes).size === 1;
};

/** The list is fresh, so it counts before the answer by id. */
const isOver = ({ jobs, states }: At, id: string): boolean => {
  const state = jobs?.find(({ jobId }) => jobId === id)?.state ?? states.get(id) ?? '';
  return state === 'absent' || ended.has(state);
};

/** Its caller sent the last POST of it, or came to that point, and knows that nothing came of it; the memory does not yet. */
const isHeardOf = ({ by }: Call, { jobId, posts }: Attempt): boolean => {
  const sent = by.calls.filter((call) => call.name === 'flink.run' && jobIdOf(call) === jobId);
  const isSurelyNothing = sent.every(({ given }) => given !== undefined && 'fault' in given && !isUnknown(given.fault));
  const isOwn = by.calls.some(
    ({ name, args: [, changes] }) => name === 'store.commit' && hasPost(changes, jobId, posts),
  );
  return isOwn && isSurelyNothing;
};

const isUnknown = (fault: unknown): boolean => fault instanceof Fault && fault.kind === 'unknown-outcome';

const hasPost = (changes: unknown, jobId: string, posts: Attempt['posts']): boolean =>
  Object.values((changes as Changes).jobs).some(({ attempts }) =>
    attempts.some((each) => each.jobId === jobId && each.posts.at(-1)?.id === posts.at(-1)?.id),
  );

/** Not known to have ended, and seen or unheard of. */
const mayRun = ({ end, sightedOn, posts }: Attempt): boolean =>
  end === undefined &&
  (sightedOn !== undefined ||
    posts.some(({ answer }) => answer === 'none' || answer === 'unanswered' || answer === 'broken'));
