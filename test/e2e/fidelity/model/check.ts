import type { Decoded } from './decode.ts';
import type { Models, Reference, ServiceModel, Shape } from './model.ts';

/** Everything in which a request does not fit its service's model, as `Member.path: what is wrong` lines; empty = it fits. */
export const misfits = (models: Models, { service, operation, input }: Decoded): readonly string[] => {
  const model = models(service);
  const asked = model?.operations[operation];
  if (model === undefined || asked === undefined) return [`${service}:${operation}: no such operation`];
  if (asked.input === undefined) return isEmpty(input) ? [] : [`${service}:${operation}: takes no parameters`];
  return check(model, asked.input, input, '');
};

const check = (model: ServiceModel, { shape: name }: Reference, value: unknown, path: string): readonly string[] => {
  const shape = model.shapes[name];
  if (shape === undefined) return [`${path}: the model has no shape ${name}`];
  switch (shape.type) {
    case 'structure':
      return isRecord(value) ? checkStructure(model, shape, value, path) : [`${path}: should be a structure`];
    case 'map':
      return isRecord(value) ? checkMap(model, shape, value, path) : [`${path}: should be a map`];
    case 'list':
      return Array.isArray(value) ? checkList(model, shape, value, path) : [`${path}: should be a list`];
    default:
      return checkScalar(shape, value).map((problem) => `${path}: ${problem}`);
  }
};

const checkStructure = (
  model: ServiceModel,
  { members = {}, required = [], union = false }: Shape,
  value: Readonly<Record<string, unknown>>,
  path: string,
): readonly string[] => {
  const missing = required.filter((name) => value[name] === undefined);
  const found = Object.entries(value).flatMap(([name, below]) => {
    const member = members[name];
    return member === undefined ? [`${path}.${name}: unknown member`] : check(model, member, below, `${path}.${name}`);
  });
  const count = Object.keys(value).length;
  return [
    ...missing.map((name) => `${path}.${name}: required`),
    ...(union && count !== 1 ? [`${path}: should have one member, not ${count}`] : []),
    ...found,
  ];
};

const checkMap = (
  model: ServiceModel,
  shape: Shape,
  value: Readonly<Record<string, unknown>>,
  path: string,
): readonly string[] => [
  ...outside(shape, Object.keys(value).length).map((problem) => `${path}: entries: ${problem}`),
  ...Object.entries(value).flatMap(([key, below]) => [
    ...(shape.key ? check(model, shape.key, key, `${path}{${key}}`) : []),
    ...(shape.value ? check(model, shape.value, below, `${path}{${key}}`) : []),
  ]),
];

const checkList = (model: ServiceModel, shape: Shape, value: readonly unknown[], path: string): readonly string[] => [
  ...outside(shape, value.length).map((problem) => `${path}: elements: ${problem}`),
  ...value.flatMap((below, at) => (shape.member ? check(model, shape.member, below, `${path}[${at}]`) : [])),
];

const checkScalar = (shape: Shape, value: unknown): readonly string[] => {
  switch (shape.type) {
    case 'string':
      return typeof value === 'string' ? checkString(shape, value) : ['should be a string'];
    case 'integer':
    case 'long':
      return Number.isInteger(value) ? outside(shape, Number(value)) : ['should be a whole number'];
    case 'float':
    case 'double':
      return typeof value === 'number' ? outside(shape, value) : ['should be a number'];
    case 'boolean':
      return typeof value === 'boolean' ? [] : ['should be true or false'];
    case 'blob':
      return typeof value === 'string' && BASE64.test(value) ? [] : ['should be bytes in Base64'];
    case 'timestamp':
      return typeof value === 'number' || typeof value === 'string' ? [] : ['should be a time'];
    default:
      return [`is of the type ${shape.type}, which is not checked here`];
  }
};

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

const checkString = (shape: Shape, value: string): readonly string[] => {
  const among = shape.enum === undefined || shape.enum.includes(value);
  const like = shape.pattern === undefined || regExp(shape.pattern).test(value);
  return [
    ...outside(shape, value.length).map((problem) => `length: ${problem}`),
    ...(among ? [] : [`${JSON.stringify(value)} is not one of ${shape.enum?.join(', ')}`]),
    ...(like ? [] : [`${JSON.stringify(value)} does not match ${shape.pattern}`]),
  ];
};

/** The models are written for Java, whose properties (`\p{L}`) need JavaScript's Unicode mode and whose escapes refuse it. */
const regExp = (pattern: string): RegExp => {
  try {
    return new RegExp(`^(?:${pattern})$`, 'su');
  } catch {
    return new RegExp(`^(?:${pattern})$`, 's');
  }
};

const outside = ({ min, max }: Shape, size: number): readonly string[] => {
  if (min !== undefined && size < min) return [`${size} is less than ${min}`];
  return max !== undefined && size > max ? [`${size} is more than ${max}`] : [];
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isEmpty = (input: unknown): boolean => isRecord(input) && Object.keys(input).length === 0;
