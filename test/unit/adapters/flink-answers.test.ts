import { expect, it } from 'vitest';
import { readJobs } from '../../../lib/adapters/flink-answers.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import { idOf } from '../../support/builders.ts';

const named = (name: string) =>
  readJobs(JSON.stringify({ jobs: [{ jid: idOf(), name, state: 'RUNNING', tasks: { running: 1, total: 1 } }] }))[0]
    ?.name;

it.each([
  ['short', 'orders', 'orders'],
  ['as long as may be', 'x'.repeat(defaults.flinkNameMax), 'x'.repeat(defaults.flinkNameMax)],
  ['longer', 'x'.repeat(defaults.flinkNameMax + 1), 'x'.repeat(defaults.flinkNameMax)],
  [
    'cut inside a character',
    `${'x'.repeat(defaults.flinkNameMax - 1)}😀`,
    `${'x'.repeat(defaults.flinkNameMax - 1)}\ufffd`,
  ],
])("a job's name on Flink that is %s is kept up to a limit", (_, name, kept) => {
  expect(named(name)).toBe(kept);
});
