/** What another terminal can ask of a running world. */
export type Command =
  | { readonly do: 'status' }
  | { readonly do: 'kill'; readonly role: 'jobmanager' | 'taskmanager' | 'leader' }
  | { readonly do: 'stop-task' | 'send-event'; readonly task: string };

export const USAGE = `Usage: npm run local -- COMMAND
  status                          tasks, jobs and addresses
  kill jobmanager|taskmanager     end the process at once, as a crash does; all of them where there are several
  kill leader                     the same of the JobManager that leads (npm start -- --jobmanagers 2)
  stop-task TASK                  stop a task through ECS; TASK is an ARN, an id, jobmanager or taskmanager
  send-event [TASK]               put the task's last event on the bus once more (default: jobmanager)`;

/** Reads the words of a command line; undefined for anything that is not a command. */
export const parseCommand = (words: readonly string[]): Command | undefined => {
  const [verb, object, ...more] = words;
  if (more.length > 0) return undefined;
  switch (verb) {
    case 'status':
      return object === undefined ? { do: 'status' } : undefined;
    case 'kill':
      return object === 'jobmanager' || object === 'taskmanager' || object === 'leader'
        ? { do: 'kill', role: object }
        : undefined;
    case 'stop-task':
      return object === undefined ? undefined : { do: 'stop-task', task: object };
    case 'send-event':
      return { do: 'send-event', task: object ?? 'jobmanager' };
    default:
      return undefined;
  }
};
