import type { Grant } from './evaluate.ts';
import type { Statement } from './policy.ts';

/**
 * What a statement gives, part by part, each of which somebody must need: every action, every kind of resource, and every
 * resource itself. The first two count for each function (what all of them share, for all together), whichever manifest is
 * deployed; the last one for all of them.
 */
export const partsOf = (functionName: string, statement: Statement): readonly string[] =>
  statement.effect === 'Deny'
    ? []
    : [
        ...statement.actions.map((action) => actionPart(functionName, statement, action)),
        ...statement.resources.flatMap((resource) => resourceParts(functionName, statement, resource)),
      ];

/** The parts of its statement that a grant made use of. */
export const usedParts = (functionName: string, { statement, action, resource }: Grant): readonly string[] => [
  actionPart(functionName, statement, action),
  ...resourceParts(functionName, statement, resource),
];

const actionPart = (functionName: string, statement: Statement, action: string): string =>
  `${holderOf(functionName, statement)}: ${action} on ${distinct(statement.resources.map(kindOf)).join(', ')}${conditionsOf(statement)}`;

const resourceParts = (functionName: string, statement: Statement, resource: string): readonly string[] => {
  const actions = statement.actions.toSorted().join(', ');
  return [
    `${holderOf(functionName, statement)}: ${kindOf(resource)} for ${actions}${conditionsOf(statement)}`,
    `${withoutSuffix(resource)} for ${actions}${conditionsOf(statement)}`,
  ];
};

const holderOf = (functionName: string, { shared }: Statement): string => (shared ? 'every function' : functionName);

const conditionsOf = ({ conditions }: Statement): string => {
  const keys = Object.values(conditions).flatMap((condition) => Object.keys(condition));
  return keys.length === 0 ? '' : ` if ${keys.toSorted().join(', ')}`;
};

/** An ARN with its names left out and its wildcards kept: `arn:aws:s3:::bucket/jars/a.jar` → `s3:name`, `…/*` → `s3:name/*`. */
const kindOf = (resource: string): string => {
  if (!resource.startsWith('arn:')) return resource;
  const [, , service = '', , , ...rest] = resource.split(':');
  const [first = '', ...below] = rest.join(':').split(/(?<=[/:])/);
  const type = TYPED.includes(service) ? [first] : [nameless(first)];
  const names = [...type, ...below.map(nameless)].join('');
  // How deep a key lies in its bucket makes no other kind of it.
  return `${service}:${names.replaceAll(/(name\/)+name/g, 'name/name')}`;
};

/** Services whose resources begin with their type. */
const TYPED = ['dynamodb', 'ecs', 'logs', 'ssm', 'secretsmanager', 'lambda', 'kms'];

const nameless = (segment: string): string => {
  const [, text = '', end = ''] = /^(.*?)([/:]?)$/s.exec(segment) ?? [];
  return `${/[*?]/.test(text) ? text.replaceAll(/[^*?]+/g, '…') : 'name'}${end}`;
};

/** The end that CloudFormation gives to names differs from stack to stack. */
const withoutSuffix = (resource: string): string => resource.replace(/-[0-9A-F]{13}$/, '');

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)].toSorted();
