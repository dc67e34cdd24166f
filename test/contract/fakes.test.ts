import { describe, test } from 'vitest';
import { bind } from './suites/case.ts';
import { drainCases, ecsTaskCases } from './suites/ecs.ts';
import { jobManagerService, jobManagerWorld } from './suites/flink/fakes.ts';
import { jobCases } from './suites/flink/jobs.ts';
import { restartCases } from './suites/flink/restart.ts';
import { bootCases, lastCases } from './suites/flink/special.ts';

describe('the Flink of the simulation keeps the contract that a real one keeps', () => {
  for (const { name, run } of [...jobCases, ...restartCases, ...lastCases]) test(name, () => run(jobManagerService()));
  for (const { name, run } of bootCases) test(name, () => run(jobManagerService(100)));
});

describe('the ECS of the simulation keeps the contract that the real one keeps', () => {
  for (const { name, run } of [...ecsTaskCases, ...drainCases]) test(name, () => run(jobManagerService()));
});

describe('the Flink of the tests of a pass keeps the contract that a real one keeps', () => {
  for (const { name, run } of [...jobCases, ...restartCases]) test(name, () => run(jobManagerWorld()));
});

describe('the ECS of the tests of a pass keeps the contract that the real one keeps', () => {
  for (const { name, run } of bind([...ecsTaskCases, ...drainCases], jobManagerWorld())) test(name, run);
});
