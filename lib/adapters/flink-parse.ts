import * as z from 'zod/mini';
import { Fault } from '../core/errors.ts';

/** Flink's JSON as `schema` wants it. Anything else under a good status, HTML of a proxy for one, is `invalid` FLINK_UNREADABLE: it tells nothing of the jobs. */
export const parse = <T>(schema: z.ZodMiniType<T>, text: string, path: string): T => {
  const result = schema.safeParse(jsonOf(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw unreadable(path, issue === undefined ? 'another shape' : `${issue.path.join('.')}: ${issue.message}`);
};

/** The texts of Flink's error answer, or undefined when it is not one. */
export const readErrors = (text: string): readonly string[] | undefined => {
  const result = errors.safeParse(jsonOf(text));
  return result.success ? result.data.errors : undefined;
};

export const unreadable = (path: string, why: string): Fault =>
  new Fault('invalid', 'FLINK_UNREADABLE', `the answer of ${path} is not Flink's: ${why}`);

const errors = z.object({ errors: z.array(z.string()) });

/** undefined, which no schema takes, for what is not JSON. */
const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
