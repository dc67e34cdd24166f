import type { Decision, WaitFor } from './core/decision.ts';
import { defaults } from './core/defaults.ts';
import { equal } from './core/equal.ts';
import { asFault, isAccessRefused } from './core/errors.ts';
import { isTerminal } from './core/liveness.ts';
import type { Cluster, EcsView, Observation } from './core/model.ts';
import { lookAtTasks } from './look-at-tasks.ts';
import { endpointOf, type Ports } from './ports.ts';

/** What is worth waiting for after a pass; empty = nothing that an invocation should stay for. */
export const waitsOf = (decisions: readonly Decision[]): readonly WaitFor[] => {
  const waits = decisions.flatMap(({ waitFor }) => (waitFor === undefined ? [] : [waitFor]));
  return [...new Map(waits.map((wait) => [JSON.stringify(wait), wait])).values()];
};

/** How long to wait: `sinceMs` is when the invocation began, `untilMs` when the next full pass is due. */
export type Patience = { readonly sinceMs: number; readonly untilMs: number };

/** Waiting passes: each asks for the missing rungs only, until one of them changed. No store call, no log line. */
export const waitForChange = async (
  ports: Ports,
  cluster: Cluster,
  waits: readonly WaitFor[],
  observation: Observation,
  { sinceMs, untilMs }: Patience,
): Promise<void> => {
  const { clock } = ports;
  let ecsDueMs = clock.nowMs() + defaults.pollEcsMs;
  while (clock.nowMs() < untilMs) {
    const pollMs = clock.nowMs() - sinceMs < defaults.pollFastForMs ? defaults.pollFastMs : defaults.pollSlowMs;
    await clock.sleep(Math.min(pollMs, untilMs - clock.nowMs()));
    const ecsDue = clock.nowMs() >= ecsDueMs;
    if (ecsDue) ecsDueMs = clock.nowMs() + defaults.pollEcsMs;
    const due = waits.filter(({ kind }) => kind !== 'ecs' || ecsDue);
    const changes = await Promise.all(due.map((wait) => hasChanged(ports, cluster, wait, observation, untilMs)));
    if (changes.includes(true)) return;
  }
};

/** A look that fails is no change: the next full pass sees why. One that is refused for good is: nobody waits for that. */
const hasChanged = async (
  { ecs, flink }: Ports,
  cluster: Cluster,
  wait: WaitFor,
  { ecs: before }: Observation,
  deadlineMs: number,
): Promise<boolean> => {
  try {
    if (wait.kind === 'ecs') {
      const view = await lookAtTasks({ ecs }, cluster, before.known ? before.value.missing : [], deadlineMs);
      return !before.known || !equal(tasksOf(view), tasksOf(before.value));
    }
    const at = endpointOf(cluster, wait);
    if (wait.kind === 'slots') return (await flink.slots(at, deadlineMs)).free !== wait.free;
    const jobs = await flink.jobs(at, deadlineMs);
    if (wait.kind === 'end') return !jobs.some(({ jobId, state }) => jobId === wait.jobId && !isTerminal(state));
    return wait.kind === 'jobs' || jobs.some(({ jobId }) => jobId === wait.jobId);
  } catch (thrown) {
    return isAccessRefused(asFault(thrown).code);
  }
};

/** ECS promises no order. */
const tasksOf = ({ tasks, services }: EcsView) => ({
  tasks: tasks.toSorted((a, b) => (a.taskArn < b.taskArn ? -1 : 1)),
  services,
});
