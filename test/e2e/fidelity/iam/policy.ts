import * as z from 'zod/mini';

/** One statement of a role's policies. */
export type Statement = {
  /** Its policy and its number there, for a person. */
  readonly name: string;
  /** In a policy that is attached to the role of every function. */
  readonly shared: boolean;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Operator → key → values. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
};

/** The statements of a policy document as IAM gives it, URL-encoded. Throws on what this check does not know, such as NotAction. */
export const readStatements = (policy: string, document = '', shared = false): readonly Statement[] => {
  const { Statement: statements } = documentShape.parse(JSON.parse(decodeURIComponent(document)));
  return statements.map(({ Effect, Action, Resource, Condition = {} }, index) => ({
    name: `${policy}[${index}]`,
    shared,
    effect: Effect,
    actions: Action,
    resources: Resource,
    conditions: Condition,
  }));
};

const words = z.pipe(
  z.union([z.string(), z.array(z.string())]),
  z.transform((found: string | string[]) => [found].flat()),
);

const statementShape = z.strictObject({
  Sid: z.optional(z.string()),
  Effect: z.enum(['Allow', 'Deny']),
  Action: words,
  Resource: words,
  Condition: z.optional(z.record(z.string(), z.record(z.string(), words))),
});

const documentShape = z.object({ Statement: z.array(statementShape) });
