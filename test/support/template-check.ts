import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { checkReferences } from './template-references.ts';

/**
 * Everything CloudFormation would refuse in a template, as `Resource.Path.To.Property: what is wrong` lines; empty = fine.
 * Holds types, properties (unknown, missing, of a wrong kind or value), Ref, GetAtt, Sub, conditions, DependsOn and dependency cycles.
 * Needed because osls takes `resources:` as they are and the emulator drops silently what it does not know.
 * The first call loads the specification (about 1 s); later ones are free.
 */
export const checkTemplate = (template: unknown): string[] => {
  const resources = isRecord(template) ? template.Resources : undefined;
  if (!isRecord(template) || !isRecord(resources)) return ['Resources: missing or not a map'];
  return [
    ...Object.entries(resources).flatMap(([id, resource]) => checkResource(id, resource)),
    ...checkReferences({ ...template, Resources: resources }, attributesOf),
  ];
};

const resourceAttributes = [
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'Metadata',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'CreationPolicy',
  'UpdatePolicy',
];

const checkResource = (id: string, resource: unknown): string[] => {
  if (!isRecord(resource) || typeof resource.Type !== 'string') return [`${id}: has no Type`];
  const type = resource.Type;
  const unknown = Object.keys(resource)
    .filter((key) => !resourceAttributes.includes(key))
    .map((key) => `${id}.${key}: unknown resource attribute`);
  if (isCustom(type)) return unknown;
  const definition = definitionOf(type);
  if (definition === undefined) return [...unknown, `${id}: unknown type ${type}`];
  return [...unknown, ...checkProperties(id, resource.Properties ?? {}, definition.properties)];
};

const checkProperties = (path: string, value: unknown, properties: Properties): string[] => {
  if (!isRecord(value)) return [`${path}: should be a map`];
  const missing = Object.entries(properties)
    .filter(([name, property]) => property.required === true && isAbsent(value[name]))
    .map(([name]) => `${path}.${name}: required`);
  const wrong = Object.entries(value).flatMap(([name, child]) => {
    const property = properties[name];
    return property === undefined
      ? [`${path}.${name}: unknown property`]
      : checkValue(`${path}.${name}`, child, property.type);
  });
  return [...missing, ...wrong];
};

const checkValue = (path: string, value: unknown, type: PropertyType): string[] => {
  const branches = branchesOf(value);
  if (branches !== undefined) return branches.flatMap((branch) => checkValue(path, branch, type));
  if (isIntrinsic(value)) return [];
  switch (type.type) {
    case 'ref':
      return checkProperties(path, value, specification().get('typeDefinition', type.reference.$ref).properties);
    case 'array':
      if (!Array.isArray(value)) return [`${path}: should be a list`];
      return value.flatMap((element, index) => checkValue(`${path}[${index}]`, element, type.element));
    case 'map':
      if (!isRecord(value)) return [`${path}: should be a map`];
      return Object.entries(value).flatMap(([key, element]) => checkValue(`${path}.${key}`, element, type.element));
    case 'tag':
      return isRecord(value) && 'Key' in value && 'Value' in value ? [] : [`${path}: should be {Key, Value}`];
    case 'union':
      // The nearest alternative explains best what is wrong.
      return type.types.map((one) => checkValue(path, value, one)).reduce((a, b) => (b.length < a.length ? b : a));
    default:
      return checkScalar(path, value, type);
  }
};

/** CloudFormation turns 'true' and '8081' into what the property needs, and a number into a string. */
const checkScalar = (path: string, value: unknown, type: Scalar): string[] => {
  if (type.type === 'json')
    return isRecord(value) || Array.isArray(value) || typeof value === 'string' ? [] : [`${path}: should be JSON`];
  if (value === null || typeof value === 'object') return [`${path}: should be one ${type.type}`];
  const text = String(value);
  if (type.type === 'boolean' && !/^(true|false)$/.test(text)) return [`${path}: should be true or false, is ${text}`];
  if (type.type === 'integer' && !/^-?\d+$/.test(text)) return [`${path}: should be an integer, is ${text}`];
  if (type.type === 'number' && (text.trim() === '' || Number.isNaN(Number(text))))
    return [`${path}: should be a number, is ${text}`];
  const allowed: readonly (string | number)[] = 'allowedValues' in type ? (type.allowedValues ?? []) : [];
  if (allowed.length > 0 && !allowed.some((one) => String(one) === text))
    return [`${path}: ${text} is none of ${allowed.join(', ')}`];
  return [];
};

/** Both sides of an `Fn::If` that are values; undefined for anything else. */
const branchesOf = (value: unknown): unknown[] | undefined => {
  const sides = isRecord(value) && Object.keys(value).length === 1 ? value['Fn::If'] : undefined;
  return Array.isArray(sides) ? sides.slice(1).filter((side) => !isAbsent(side)) : undefined;
};

const isIntrinsic = (value: unknown): boolean => {
  const [key, ...others] = isRecord(value) ? Object.keys(value) : [];
  return key !== undefined && others.length === 0 && (key === 'Ref' || key.startsWith('Fn::'));
};

const isAbsent = (value: unknown): boolean => value === undefined || (isRecord(value) && value.Ref === 'AWS::NoValue');

const isCustom = (type: string): boolean =>
  type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';

/** What `Fn::GetAtt` may ask of a type; 'any' where only the running stack knows. */
const attributesOf = (type: string): readonly string[] | 'any' =>
  isCustom(type) || type === 'AWS::CloudFormation::Stack' ? 'any' : Object.keys(definitionOf(type)?.attributes ?? {});

let loaded: ReturnType<typeof loadAwsServiceSpecSync> | undefined;
const specification = () => {
  loaded ??= loadAwsServiceSpecSync();
  return loaded;
};

const definitionOf = (type: string) => specification().lookup('resource', 'cloudFormationType', 'equals', type)[0];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Properties = NonNullable<ReturnType<typeof definitionOf>>['properties'];
type PropertyType = Properties[string]['type'];
type Scalar = Exclude<PropertyType, { type: 'ref' | 'array' | 'map' | 'tag' | 'union' }>;
