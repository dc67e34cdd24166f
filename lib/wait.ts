import type { Decision, WaitFor } from './core/decision.ts';
import { defaults } from './core/defaults.ts';
import { equal } from './core/equal.ts';
import { asFault, isAccessRefused, isLeaderRefused } from './core/errors.ts';
import { isTerminal } from './core/liveness.ts';
import type { Cluster, EcsView, Observation } from './core/model.ts';
import { lookAtTasks } from './look-at-tasks.ts';
import { lookForLeader } from './look-for-leader.ts';
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
  const dueMs = { ecs: clock.nowMs() + defaults.pollEcsMs, leader: clock.nowMs() + defaults.pollLeaderMs };
  while (clock.nowMs() < untilMs) {
    const pollMs = clock.nowMs() - sinceMs < defaults.pollFastForMs ? defaults.pollFastMs : defaults.pollSlowMs;
    await clock.sleep(Math.min(pollMs, untilMs - clock.nowMs()));
    const nowMs = clock.nowMs();
    const due = waits.filter(({ kind }) => (kind === 'ecs' || kind === 'leader' ? nowMs >= dueMs[kind] : true));
    if (nowMs >= dueMs.ecs) dueMs.ecs = nowMs + defaults.pollEcsMs;
    if (nowMs >= dueMs.leader) dueMs.leader = nowMs + defaults.pollLeaderMs;
    const changes = await Promise.all(due.map((wait) => hasChanged(ports, cluster, wait, observation, untilMs)));
    if (changes.includes(true)) return;
  }
};

/** A look that fails is no change: the next full pass sees why. One that is refused for good is: nobody waits for that. */
const hasChanged = async (
  { ecs, flink, leaders }: Ports,
  cluster: Cluster,
  wait: WaitFor,
  { ecs: before, leader }: Observation,
  deadlineMs: number,
): Promise<boolean> => {
  try {
    if (wait.kind === 'ecs') {
      const view = await lookAtTasks({ ecs }, cluster, before.known ? before.value.missing : [], deadlineMs);
      return !before.known || !equal(tasksOf(view), tasksOf(before.value));
    }
    if (wait.kind === 'leader') {
      const seen = await lookForLeader({ leaders }, cluster, deadlineMs);
      return leader?.known !== true || !equal(seen.leader ?? {}, leader.value.leader ?? {});
    }
    const at = endpointOf(cluster, wait);
    if (wait.kind === 'slots') return (await flink.slots(at, deadlineMs)).free !== wait.free;
    const jobs = await flink.jobs(at, deadlineMs);
    if (wait.kind === 'end') return !jobs.some(({ jobId, state }) => jobId === wait.jobId && !isTerminal(state));
    return wait.kind === 'jobs' || jobs.some(({ jobId }) => jobId === wait.jobId);
  } catch (thrown) {
    const { code } = asFault(thrown);
    return isAccessRefused(code) || isLeaderRefused(code);
  }
};

/** ECS promises no order. */
const tasksOf = ({ tasks, services }: EcsView) => ({
  tasks: tasks.toSorted((a, b) => (a.taskArn < b.taskArn ? -1 : 1)),
  services,
});
