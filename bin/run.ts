import type { Answer } from '../lib/operate/answers.ts';
import type { Request } from '../lib/operate/request.ts';
import { NotAnswered, type Place } from './call.ts';
import { type Ask, type Options, parseCommandLine, type Target } from './command-line.ts';
import { completionScript } from './completion.ts';
import { exitCodeOf, showAnswer } from './show/answer.ts';
import { painter } from './show/paint.ts';
import { EXIT, USAGE } from './usage.ts';

/** Everything outside: what the command reads from its machine, writes to it, and whom it asks. */
export type Outside = {
  readonly env: Readonly<Record<string, string | undefined>>;
  out(text: string): void;
  err(text: string): void;
  readonly colours: boolean;
  readonly nowMs: number;
  /** Who gives orders, when they don't say it. */
  readonly who: string;
  readonly version: string;
  /** The service's name in serverless.yml. */
  readonly service: string;
  /** Asks a person; undefined where none is there. */
  question?(text: string): Promise<string>;
  /** How the world that runs in this folder is reached; undefined when none does. */
  localWorld(): Promise<Place['local']>;
  call(request: Request, place: Place): Promise<Answer>;
};

/** Runs one command line and gives the exit code. Throws only what an aborted call throws. */
export const run = async (words: readonly string[], outside: Outside): Promise<number> => {
  const line = parseCommandLine(words, outside.nowMs);
  switch (line.kind) {
    case 'help':
      outside.out(USAGE);
      return EXIT.fine;
    case 'version':
      outside.out(outside.version);
      return EXIT.fine;
    case 'completion':
      outside.out(completionScript(line.shell));
      return EXIT.fine;
    case 'wrong':
      return failed(outside, line.json, { why: 'invalid', problems: [...line.problems, SEE_HELP] });
    case 'ask':
      return ask(line.ask, line.options, outside);
  }
};

const SEE_HELP = 'npx flink-autopilot --help shows how.';

const ask = async (wanted: Ask, options: Options, outside: Outside): Promise<number> => {
  const request = await requestOf(wanted, outside);
  if (typeof request === 'string') return failed(outside, options.json, { why: 'invalid', problems: [request] });
  const place = await placeOf(options, outside);
  if (place === undefined) {
    const text = 'No local world is running in this folder: start one with npm start.';
    return failed(outside, options.json, { why: 'unavailable', problems: [text] });
  }
  try {
    const answer = await outside.call(request, place);
    if (!answer.ok) return failed(outside, options.json, answer);
    if (options.json) outside.out(JSON.stringify(answer, null, 2));
    else for (const text of showAnswer(answer, frameOf(answer.atMs, options, outside))) outside.out(text);
    return exitCodeOf(answer);
  } catch (thrown) {
    if (!(thrown instanceof NotAnswered)) throw thrown;
    return failed(outside, options.json, { why: 'unavailable', problems: [thrown.message] });
  }
};

/** What is sent, or what is missing for it. */
const requestOf = async (wanted: Ask, { question, who: caller }: Outside): Promise<Request | string> => {
  const target = targetOf(wanted);
  if (wanted.op === 'history') {
    const { limit, beforeMs } = wanted;
    return {
      op: 'history',
      ...target,
      ...(limit === undefined ? {} : { limit }),
      ...(beforeMs === undefined ? {} : { beforeMs }),
    };
  }
  if (wanted.op !== 'order') return { op: wanted.op, ...target };
  const { kind, jobId, forMs, cluster = '', who = caller } = wanted;
  const why =
    wanted.why ??
    (await question?.(`Why ${kind} ${cluster}${wanted.job === undefined ? '' : `/${wanted.job}`}? `))?.trim();
  if (why === undefined || why === '') return `${kind} needs --why TEXT: whoever looks at it next wants to know`;
  return {
    op: 'order',
    kind,
    cluster,
    ...(wanted.job === undefined ? {} : { job: wanted.job }),
    ...(jobId === undefined ? {} : { jobId }),
    ...(forMs === undefined ? {} : { forMs }),
    who,
    why,
  };
};

const targetOf = ({ cluster, job }: Target): { readonly cluster?: string; readonly job?: string } => ({
  ...(cluster === undefined ? {} : { cluster }),
  ...(job === undefined ? {} : { job }),
});

/** The same region as `serverless deploy` takes. */
const REGION = 'eu-west-1';

const placeOf = async (options: Options, { env, service, localWorld }: Outside): Promise<Place | undefined> => {
  const { stage, profile } = options;
  const given = options.region ?? [env.AWS_REGION, env.AWS_DEFAULT_REGION].find((each) => (each ?? '') !== '');
  const place = { functionName: `${service}-${stage}-operate`, stage, region: given ?? REGION, profile };
  if (!options.local) return place;
  const local = await localWorld();
  return local === undefined ? undefined : { ...place, region: REGION, profile: undefined, local };
};

const frameOf = (atMs: number, { stage, region, profile, local }: Options, { colours }: Outside) => {
  const repeat = [
    ...(stage === 'dev' ? [] : [` --stage ${stage}`]),
    ...(region === undefined ? [] : [` --region ${region}`]),
    ...(profile === undefined ? [] : [` --profile ${profile}`]),
    ...(local ? [' --local'] : []),
  ].join('');
  return { paint: painter(colours), atMs, repeat };
};

type Failure = Omit<Extract<Answer, { ok: false }>, 'ok'>;

const failed = ({ out, err }: Outside, json: boolean, failure: Failure): number => {
  const answer = { ok: false, ...failure } as const;
  if (json) out(JSON.stringify(answer, null, 2));
  else for (const problem of failure.problems) err(problem);
  return exitCodeOf(answer);
};
