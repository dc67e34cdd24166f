import * as z from 'zod/mini';
import { AwsError } from '../emulator.ts';

const text = () => z.optional(z.string('must be a string'));
const names = () => z.array(z.string(), 'must be a list of names');
const wholeNumber = (min: number, max: number) => {
  const words = `must be a whole number from ${min} to ${max}`;
  return z.int(words).check(z.minimum(min, words), z.maximum(max, words));
};

const listTasks = z.object({
  cluster: text(),
  serviceName: text(),
  family: text(),
  startedBy: text(),
  containerInstance: text(),
  launchType: text(),
  desiredStatus: z._default(
    z.enum(['RUNNING', 'PENDING', 'STOPPED'], 'must be one of RUNNING, PENDING, STOPPED'),
    'RUNNING',
  ),
  maxResults: z._default(wholeNumber(1, 100), 100),
  nextToken: text(),
});
const listServices = z.looseObject({
  cluster: text(),
  maxResults: z._default(wholeNumber(1, 100), 10),
  nextToken: text(),
});
const describeTasks = z.object({ cluster: text(), tasks: names() });
const stopTask = z.object({ cluster: text(), task: z.string('must be given'), reason: text() });
const updateService = z.looseObject({
  cluster: text(),
  service: z.string('must be given'),
  taskDefinition: text(),
  desiredCount: z.optional(wholeNumber(0, 5_000)),
});
const environment = z.array(z.object({ name: z.string(), value: z.string() }));
const containerOverride = z.looseObject({
  name: z.string(),
  command: z.optional(z.array(z.string())),
  environment: z.optional(environment),
  cpu: z.optional(z.int()),
});
const runTask = z.object({
  cluster: text(),
  taskDefinition: z.string('must be given'),
  count: z._default(wholeNumber(1, 10), 1),
  group: text(),
  startedBy: text(),
  launchType: text(),
  capacityProviderStrategy: z.optional(z.array(z.looseObject({ capacityProvider: z.string() }))),
  networkConfiguration: z.optional(
    z.object({ awsvpcConfiguration: z.optional(z.object({ subnets: z.array(z.string()) })) }),
  ),
  overrides: z.optional(z.object({ containerOverrides: z.optional(z.array(containerOverride)) })),
});
const describeServices = z.looseObject({ cluster: text(), services: names() });

/** A checked ListTasks request. */
export type ListTasks = z.infer<typeof listTasks>;
/** A checked RunTask request. */
export type RunTask = z.infer<typeof runTask>;

const read = <T extends z.ZodMiniType>(schema: T, input: unknown): z.infer<T> => {
  const result = z.safeParse(schema, input);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  throw new AwsError('InvalidParameterException', problems.join('; '));
};

/** ECS's limits of a list in a request. */
const between = (name: string, list: readonly unknown[], max: number): void => {
  if (list.length === 0) throw new AwsError('InvalidParameterException', `${name} cannot be empty.`);
  if (list.length > max)
    throw new AwsError('InvalidParameterException', `${name} cannot have more than ${max} elements.`);
};

/** Each throws InvalidParameterException for what ECS would refuse. */
export const readListTasks = (input: unknown) => read(listTasks, input);
export const readListServices = (input: unknown) => read(listServices, input);
export const readUpdateService = (input: unknown) => read(updateService, input);
export const readRunTask = (input: unknown) => read(runTask, input);
export const readStopTask = (input: unknown) => read(stopTask, input);
export const readDescribeTasks = (input: unknown) => {
  const request = read(describeTasks, input);
  between('Tasks', request.tasks, 100);
  return request;
};
export const readDescribeServices = (input: unknown) => {
  const request = read(describeServices, input);
  between('Services', request.services, 10);
  return request;
};
