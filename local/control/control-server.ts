import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { thisProcess } from '../process/process-identity.ts';
import { accumulators } from '../show/accumulators.ts';
import { type FlinkJob, isRunning, listJobs } from '../show/list-jobs.ts';
import type { World } from '../world.ts';
import type { ControlAddress } from './address.ts';
import type { Command } from './command.ts';
import { leaderOf } from './leader.ts';

/** Lets another terminal act on a world: takes one command a request and answers with lines of text for a person. */
export const startControl = async (world: World): Promise<{ address: ControlAddress; close(): Promise<void> }> => {
  const token = randomBytes(16).toString('hex');
  const server = createServer(async (request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) return response.writeHead(403).end();
    try {
      const command: Command = JSON.parse(await bodyOf(request));
      response.end(await obey(world, command));
    } catch (error) {
      response.writeHead(400).end(error instanceof Error ? error.message : String(error));
    }
  });
  const host = `${world.subnet}.1`;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve));
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return {
    address: { url: `http://${host}:${port}`, token, owner: thisProcess(), aws: world.client },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const BODY_MAX = 10_000;

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const chunk of request) {
    body += chunk;
    if (body.length > BODY_MAX) throw new Error('the request is too large');
  }
  return body;
};

const obey = async (world: World, command: Command): Promise<string> => {
  const { agent, emulatorUrl, dir } = world;
  switch (command.do) {
    case 'status':
      return statusText(
        world,
        `AWS at ${emulatorUrl}, logs below ${dir}\nWhat the autopilot remembers and decides: npx flink-autopilot status --local`,
      );
    case 'kill': {
      const pick =
        command.role === 'leader' ? { taskArn: (await leaderOf(world))?.taskArn ?? '' } : { role: command.role };
      const killed = await agent.kill(pick, 'SIGKILL');
      if (killed.length === 0) throw new Error(`no ${command.role} process is alive`);
      return `killed ${killed.join(', ')}`;
    }
    case 'stop-task': {
      const taskArn = taskNamed(agent, command.task);
      await agent.stopTask(taskArn, 'Stopped by npm run local');
      return `stopping ${taskArn}`;
    }
    case 'send-event': {
      const taskArn = taskNamed(agent, command.task);
      await agent.sendEvent(taskArn);
      return `sent the last event of ${taskArn} once more`;
    }
  }
};

type Agent = World['agent'];

/** A task by its ARN, its id, or its role: then the newest one. */
const taskNamed = (agent: Agent, name: string): string => {
  const tasks = agent.tasks();
  const byRole = tasks.filter(({ role, service }) => role === name || service === name);
  const found =
    tasks.find(({ taskArn }) => taskArn === name || taskArn.endsWith(`/${name}`)) ??
    byRole.findLast(({ alive }) => alive) ??
    byRole.at(-1);
  if (found === undefined)
    throw new Error(`there is no task "${name}"; known: ${tasks.map((t) => t.taskArn).join(', ')}`);
  return found.taskArn;
};

const statusText = async (world: World, footer: string): Promise<string> => {
  const { agent } = world;
  const leader = await leaderOf(world).catch(() => undefined);
  const lines: string[] = [];
  for (const { role, service, address, pid, lastStatus, desiredStatus, taskArn, alive } of agent.tasks()) {
    if (!alive && lastStatus === 'STOPPED') continue;
    lines.push(`${service.padEnd(12)} ${lastStatus} (wanted ${desiredStatus})  ${address}  pid ${pid}  ${taskArn}`);
    if (role !== 'jobmanager' || !alive) continue;
    const leads = taskArn === leader?.taskArn ? '  leads' : '';
    lines.push(`  Flink's UI   http://${address}:8081${leads}`, ...(await jobLines(address)));
  }
  return [...(lines.length === 0 ? ['no task runs'] : lines), footer].join('\n');
};

const jobLines = async (address: string): Promise<string[]> => {
  try {
    const jobs = await listJobs(address);
    if (jobs.length === 0) return ['  no jobs'];
    return await Promise.all(jobs.map((job) => jobLine(address, job)));
  } catch (error) {
    return [`  Flink does not answer: ${error instanceof Error ? error.message : error}`];
  }
};

const jobLine = async (address: string, job: FlinkJob): Promise<string> => {
  const state = isRunning(job) || job.state !== 'RUNNING' ? job.state : 'waiting for its tasks';
  const counted = [...(await accumulators(address, job.jobId))].map(([name, value]) => `, ${name}: ${value}`).join('');
  return `  job ${job.jobId}  ${job.name}  ${state}, ${job.running} of ${job.total} tasks run${counted}`;
};
