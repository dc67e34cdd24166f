import { describe, test } from 'vitest';
import { targetOfAPass } from './fakes/of-a-pass.ts';
import { readySimulatedTarget, simulatedTarget } from './fakes/simulated.ts';
import { drainCases, ecsTaskCases } from './suites/ecs.ts';
import { healthCases } from './suites/flink/health.ts';
import { jobCases } from './suites/flink/jobs.ts';
import { mainCases } from './suites/flink/refused.ts';
import { restartCases } from './suites/flink/restart.ts';
import { savepointCases } from './suites/flink/snapshots.ts';
import { bootCases, forgetCases, lastCases } from './suites/flink/special.ts';

describe('the Flink of the simulation keeps the contract that a real one keeps', () => {
  for (const { name, run } of bootCases) test.concurrent(name, async () => run(await simulatedTarget()));
  for (const { name, run } of [...jobCases, ...mainCases, ...restartCases, ...lastCases, ...healthCases])
    test.concurrent(name, async () => run(await readySimulatedTarget()));
  for (const { name, run } of forgetCases) test.concurrent(name, async () => run(await readySimulatedTarget(HOURS)));
});

/** An hour is over in two seconds. */
const HOURS = 1_800;

describe('the ECS of the simulation keeps the contract that the real one keeps', () => {
  for (const { name, run } of [...ecsTaskCases, ...drainCases])
    test.concurrent(name, async () => run(await readySimulatedTarget()));
});

describe('the Flink of the tests of a pass keeps the contract that a real one keeps', () => {
  for (const { name, run } of [...jobCases, ...restartCases, ...savepointCases, ...healthCases])
    test.concurrent(name, () => run(targetOfAPass()));
});

describe('the ECS of the tests of a pass keeps the contract that the real one keeps', () => {
  for (const { name, run } of [...ecsTaskCases, ...drainCases]) test.concurrent(name, () => run(targetOfAPass()));
});
