import type { LogLine } from '../../../local/show/follow-log.ts';
import type { Answer, ProcessRecord, Sample } from '../watcher/samples.ts';
import { clock, verdictOf } from '../watcher/verdict.ts';
import { type FunctionName, functionLines, submissionsToFlink } from './logs.ts';
import type { Stage } from './stage.ts';

/** What happened since `fromMs` (epoch), for a person who has to find out why a test failed. */
export const report = async (stage: Stage, fromMs: number): Promise<string> => {
  const { world, watcher } = stage;
  const watched = await watcher.watched();
  const logs = await Promise.all(FUNCTIONS.map((name) => logText(stage, name, fromMs)));
  return [
    `--- since ${clock(fromMs)}; all logs below ${world.dir}`,
    '--- the agent’s tasks',
    ...world.agent.tasks().map((task) => JSON.stringify(task)),
    ...logs.flat(),
    '--- submissions to Flink',
    ...submissionsToFlink(world).map(({ name, jobId }) => `${name} ${jobId}`),
    '--- what the watcher saw',
    ...verdictOf(watched, fromMs).red,
    ...watched.records.flatMap((record) => recordText(record, fromMs)),
  ].join('\n');
};

const FUNCTIONS: readonly FunctionName[] = ['task-started', 'health-check'];

const logText = async ({ world }: Stage, name: FunctionName, fromMs: number): Promise<readonly string[]> => {
  const title = `--- ${name}`;
  try {
    const lines = await functionLines(world, name, fromMs);
    return [title, ...lines.map(lineText)];
  } catch (error) {
    return [title, `not readable: ${error}`];
  }
};

const lineText = ({ atMs, line }: LogLine): string => {
  const { timestamp: _timestamp, service: _service, ...told } = line;
  return `${clock(atMs)} ${JSON.stringify(told)}`;
};

/** One line for each run of equal answers. */
const recordText = ({ process, samples, endedAtMs }: ProcessRecord, fromMs: number): readonly string[] => {
  const runs: { text: string; first: Sample; last: Sample; count: number; slowestMs: number }[] = [];
  for (const sample of samples.filter(({ answeredAtMs }) => answeredAtMs >= fromMs)) {
    const text = answerText(sample.answer);
    const tookMs = sample.answeredAtMs - sample.askedAtMs;
    const run = runs.at(-1);
    if (run?.text !== text) runs.push({ text, first: sample, last: sample, count: 1, slowestMs: tookMs });
    else Object.assign(run, { last: sample, count: run.count + 1, slowestMs: Math.max(run.slowestMs, tookMs) });
  }
  const end = endedAtMs === undefined ? '' : `, dead at ${clock(endedAtMs)}`;
  return [
    `${process.address} pid ${process.pid} ${process.taskArn}${end}`,
    ...runs.map(({ text, first, last, count, slowestMs }) => {
      const slowest = `${Math.round(slowestMs)} ms`;
      return `  ${clock(first.answeredAtMs)} to ${clock(last.answeredAtMs)}, ${count} answers, slowest ${slowest}: ${text}`;
    }),
  ];
};

const answerText = (answer: Answer): string => {
  if (answer.kind === 'none') return `no answer: ${answer.why}`;
  if (answer.kind !== 'jobs') return answer.kind;
  return `[${answer.jobs.map(({ jobId, name, state }) => `${name} ${state} ${jobId}`).join(', ')}]`;
};
