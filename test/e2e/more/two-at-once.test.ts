import { expect, onTestFinished, test } from 'vitest';
import { waitFor } from '../../../local/wait-for.ts';
import { makeCheckout, npmStart } from '../support/checkout.ts';
import { killProcessesOf, processesOf } from '../support/leftovers.ts';

/** Two worlds share the machine. */
const RUNNING_MAX_MS = 250_000;
const END_MAX_MS = 20_000;

test('two npm start at once in different folders both come to run, and the end of one leaves the other alone', async () => {
  const worlds = ['one', 'other'].map((name) => {
    const folder = makeCheckout(name);
    return { folder, ...npmStart(folder, []) };
  });
  onTestFinished(() => {
    for (const { folder } of worlds) killProcessesOf(folder);
  });
  await Promise.all(
    worlds.map(({ said, child }) =>
      waitFor('RUNNING', RUNNING_MAX_MS, async () => {
        if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}: ${said()}`);
        return said().includes('RUNNING. Flink');
      }),
    ),
  );
  const [one, other] = worlds;
  const before = processesOf(other?.folder ?? '').map(({ pid }) => pid);
  process.kill(-(one?.child.pid ?? 0), 'SIGINT');
  await waitFor('one world to end', END_MAX_MS, async () => processesOf(one?.folder ?? '').length === 0);
  const left = processesOf(other?.folder ?? '').map(({ pid }) => pid);
  expect(left).toEqual(expect.arrayContaining(before));
  process.kill(-(other?.child.pid ?? 0), 'SIGINT');
  await waitFor('the other world to end', END_MAX_MS, async () => processesOf(other?.folder ?? '').length === 0);
});
