import { waitFor } from '../../../local/wait-for.ts';
import type { Bus, TaskEvent } from './bus.ts';
import { endedInvocations } from './logs.ts';
import { jobManagers, type Stage } from './stage.ts';

/**
 * Waits until nothing is on its way: the agent's last event of each JobManager was on the bus, and the function has ended
 * an invocation for each event that rings it. Gives these events in the order in which they were put.
 */
export const quiet = ({ world }: Stage, bus: Bus): Promise<readonly TaskEvent[]> =>
  waitFor('all events to be heard', QUIET_MAX_MS, async () => {
    const heard = await bus.heard();
    const told = jobManagers(world).every(({ taskArn, version }) =>
      heard.some(({ detail }) => detail.taskArn === taskArn && detail.version === version),
    );
    const rings = heard.filter(rangTheBell);
    const keys = new Set(rings.map(({ detail }) => `${detail.taskArn} ${detail.version}`));
    const again = rings.length - keys.size;
    const ended = await endedInvocations(world, 'task-started');
    return told && again === bus.putAgainCount() && ended === rings.length ? rings : undefined;
  });

/** An invocation may wait for a JobManager as long as the function may run. */
const QUIET_MAX_MS = 190_000;

/** What the product's rule lets through. */
const rangTheBell = ({ detail }: TaskEvent): boolean =>
  detail.group === 'service:jobmanager' && ['RUNNING', 'STOPPED'].includes(detail.lastStatus);
