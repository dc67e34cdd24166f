import type { Statement } from './policy.ts';

/** One permission that a call needs. */
export type Need = {
  readonly action: string;
  /** An ARN; `*` where the action knows no resource that the call names. */
  readonly resource: string;
  /** Condition keys that the service gives to IAM. */
  readonly context?: Readonly<Record<string, string>>;
};

/**
 * A permission on the key of what a call is about, which its service uses in the caller's name. The call tells neither
 * whether there is such a key nor which: AWS's own keys ask nobody for a permission.
 */
export type KeyNeed = { readonly keyAction: string; readonly context: Readonly<Record<string, string>> };

/** The part of a statement that allowed something. */
export type Grant = { readonly statement: Statement; readonly action: string; readonly resource: string };

/**
 * By what the statements allow a need: the first that does, so that one which only repeats another is never of use.
 * Undefined: denied, or not allowed. Throws on a condition that is not understood here.
 */
export const grantOf = (statements: readonly Statement[], need: Need): Grant | undefined => {
  const matching = statements.flatMap((statement) => {
    const action = statement.actions.find((pattern) => isLike(pattern.toLowerCase(), need.action.toLowerCase()));
    const resource = statement.resources.find((pattern) => isLike(pattern, need.resource));
    if (action === undefined || resource === undefined || !holds(statement, need.context)) return [];
    return [{ statement, action, resource }];
  });
  if (matching.some(({ statement }) => statement.effect === 'Deny')) return undefined;
  return matching[0];
};

/** All that would allow the use of some key. */
export const keyGrantsOf = (statements: readonly Statement[], { keyAction, context }: KeyNeed): readonly Grant[] =>
  statements.flatMap((statement) => {
    const keys = statement.resources.filter((resource) => resource.startsWith('arn:aws:kms:'));
    if (!statement.actions.includes(keyAction) || !holds(statement, context)) return [];
    return keys.map((resource) => ({ statement, action: keyAction, resource }));
  });

/** All conditions of a statement; one whose key the service does not give does not hold. */
const holds = ({ name, conditions }: Statement, context: Need['context'] = {}): boolean =>
  Object.entries(conditions).every(([operator, keys]) => {
    const test = OPERATORS[operator];
    if (test === undefined) throw new Error(`${name}: the condition operator ${operator} is not understood here`);
    return Object.entries(keys).every(([key, patterns]) => {
      const found = context[key];
      return found !== undefined && patterns.some((pattern) => test(pattern, found));
    });
  });

/** `*` is any text, `?` any one letter. */
const isLike = (pattern: string, text: string): boolean => {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text);
};

/** Each of the six parts of an ARN by itself: a wildcard does not reach over a colon. */
const isArnLike = (pattern: string, arn: string): boolean => {
  const [patterns, parts] = [pattern, arn].map((text) => {
    const split = text.split(':');
    return [...split.slice(0, 5), split.slice(5).join(':')];
  });
  return patterns?.every((one, at) => isLike(one, parts?.[at] ?? '')) === true;
};

const OPERATORS: Readonly<Record<string, (pattern: string, text: string) => boolean>> = {
  ArnEquals: isArnLike,
  ArnLike: isArnLike,
  StringEquals: (pattern, text) => pattern === text,
  StringLike: isLike,
};
