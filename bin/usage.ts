/** Every command, what it is given, and what it does. */
export const COMMANDS = {
  status: { target: 'any', text: 'what is remembered, seen, decided, and wrong' },
  plan: { target: 'any', text: 'what mode run would do now, and why' },
  history: { target: 'any', text: 'what was done (--limit N, --before TIME)' },
  orders: { target: 'any', text: 'orders that are not carried out yet' },
  release: { target: 'job', text: 'end a hold: the job may be started again' },
  pause: { target: 'some', text: 'do nothing to a cluster or a job (--for 2h)' },
  resume: { target: 'some', text: 'end a pause' },
  restart: { target: 'job', text: 'stop it and start it again as it is' },
  apply: { target: 'job', text: 'stop it and start it as the manifest says now' },
  savepoint: { target: 'job', text: 'take a savepoint of it, without stopping it' },
  'start-empty': { target: 'job', text: 'start it without its state, once' },
  'restore-from': { target: 'job', text: 'start it from this snapshot, once (--path PATH)' },
  adopt: { target: 'job', text: 'a live foreign job is this one (--flink-job ID)' },
  ignore: { target: 'job', text: 'a live foreign job is another one (--flink-job ID)' },
  completion: { target: 'shell', text: 'a script that completes commands and names' },
} as const satisfies Record<string, { target: 'any' | 'some' | 'job' | 'shell'; text: string }>;

export type CommandName = keyof typeof COMMANDS;

export const isCommand = (word: string): word is CommandName => Object.hasOwn(COMMANDS, word);

/** Options with a value, and how it is written. */
export const VALUES = {
  stage: 'NAME',
  region: 'NAME',
  profile: 'NAME',
  why: 'TEXT',
  who: 'TEXT',
  for: '2h',
  'flink-job': 'ID',
  path: 'PATH',
  limit: 'N',
  before: 'TIME',
} as const;

export const FLAGS = ['json', 'local', 'help', 'version'] as const;

export const EXIT = { fine: 0, open: 1, usage: 2, unreachable: 3, refused: 4, stopped: 130 } as const;

const targets = { any: '[CLUSTER[/JOB]]', some: 'CLUSTER[/JOB]', job: 'CLUSTER/JOB', shell: 'bash|zsh' };

const commandLines = Object.entries(COMMANDS).map(
  ([name, { target, text }]) => `  ${`${name} ${targets[target]}`.padEnd(26)} ${text}`,
);

export const USAGE = `Usage: npx flink-autopilot COMMAND [CLUSTER[/JOB]] [options]

${commandLines.join('\n')}

Orders (release … ignore) are kept with who gave them and why:
  --why TEXT      why; asked for on a terminal
  --who TEXT      who; otherwise your user and machine

Where:
  --stage NAME    the stage it was deployed to (dev)
  --region NAME   otherwise AWS_REGION, AWS_DEFAULT_REGION, eu-west-1
  --profile NAME  credentials of that AWS profile
  --local         the world that npm start runs in this folder

How:
  --json          the whole answer as JSON
  --help          this text

Exit codes: 0 fine · 1 something is held, paused, open or not known (status, plan)
            2 wrong usage · 3 AWS or the autopilot cannot be reached, or refuses
            4 the order was refused · 130 stopped by Ctrl-C`;
