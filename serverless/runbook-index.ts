import { join } from 'node:path';
import { told } from '../lib/core/problems.ts';
import { spanOf } from '../lib/core/times.ts';

export const RUNBOOK_INDEX = join(import.meta.dirname, '../docs/runbook/README.md');

/** docs/runbook/README.md, made from what the alerts say: each code with its severity and its patience. */
export const runbookIndex = (): string => {
  const rows = Object.entries(told)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { severity, graceMs }]) => `| [${code}](${code}.md) | ${severity} | ${patienceOf(graceMs)} |`);
  return [INTRODUCTION, ['| code | severity | told |', '|---|---|---|', ...rows].join('\n'), ALARMS].join('\n\n');
};

const patienceOf = (graceMs: number): string => (graceMs === 0 ? 'at once' : `when it has lasted ${spanOf(graceMs)}`);

const INTRODUCTION = `# Runbook

<!-- Made by \`node serverless/write-docs.ts\` from what the alerts say. -->

A page for each code: what it means, what is seen, what the autopilot does, what you do. Where to begin: [You were told something](../operate.md#you-were-told-something).
\`critical\`: a job that should run does not or may not, or its state is lost, or nobody can tell. \`warning\`: it runs, or does as a person wished.
Of the time between two looks two minutes count at most: where looks come late a person is told a look or two later. Some pages name a key of the manifest that says another time.
A message of how a live job runs ends, too, when the job is held, has finished or is switched off (\`enabled: false\`); any message of a job ends when it leaves the manifest, and says so.`;

const ALARMS = `What the autopilot itself suffers from CloudWatch tells: [errors](ALARM_FUNCTION_ERRORS.md), [throttles](ALARM_FUNCTION_THROTTLES.md), [no look for five minutes](ALARM_HEARTBEAT_MISSING.md), [undelivered](ALARM_UNDELIVERED_EVENTS.md) and [failed events](ALARM_FAILED_EVENTS.md).
`;
