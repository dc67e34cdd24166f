import * as z from 'zod/mini';
import { AwsError } from '../emulator.ts';

const listTasks = z.object({
  cluster: z.optional(z.string()),
  serviceName: z.optional(z.string()),
  family: z.optional(z.string()),
  startedBy: z.optional(z.string()),
  containerInstance: z.optional(z.string()),
  launchType: z.optional(z.string()),
  desiredStatus: z._default(z.enum(['RUNNING', 'PENDING', 'STOPPED']), 'RUNNING'),
  maxResults: z._default(z.int().check(z.minimum(1), z.maximum(100)), 100),
  nextToken: z.optional(z.string()),
});
const describeTasks = z.object({ cluster: z.optional(z.string()), tasks: z.array(z.string()) });
const stopTask = z.object({ cluster: z.optional(z.string()), task: z.string(), reason: z.optional(z.string()) });
const describeServices = z.looseObject({ cluster: z.optional(z.string()), services: z.array(z.string()) });

/** A checked ListTasks request. */
export type ListTasks = z.infer<typeof listTasks>;

const read = <T extends z.ZodMiniType>(schema: T, input: unknown): z.infer<T> => {
  const result = z.safeParse(schema, input);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
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
