/** Every Ref, GetAtt, Sub, condition and DependsOn that points nowhere, and every dependency cycle, as `Path: what is wrong` lines. */
export const checkReferences = (template: Template, attributesOf: AttributesOf): string[] => {
  const uses = ['Resources', 'Outputs', 'Conditions'].flatMap((section) => usesIn(section, template[section]));
  return [...uses.flatMap((use) => checkUse(template, use, attributesOf)), ...cycles(template.Resources, uses)];
};

/** Types that do something by being there; all others have to be used by another resource or shown in an output. */
const ACTING = [
  'AWS::CloudWatch::Alarm',
  'AWS::Events::Rule',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
];

/** Logical ids of resources that nothing uses: they cost, and somebody thinks that they matter. */
export const unusedIn = (template: Template): string[] => {
  const uses = ['Resources', 'Outputs'].flatMap((section) => usesIn(section, template[section]));
  return Object.entries(template.Resources)
    .filter(([, resource]) => !(isRecord(resource) && ACTING.includes(String(resource.Type))))
    .map(([id]) => id)
    .filter((id) => !uses.some(({ at, target }) => target === id && !at.startsWith(`Resources.${id}.`)));
};

type Template = { readonly [section: string]: unknown; readonly Resources: Readonly<Record<string, unknown>> };
/** What `Fn::GetAtt` may ask of a resource type; 'any' where only the running stack knows. */
type AttributesOf = (type: string) => readonly string[] | 'any';
type Use = {
  readonly at: string;
  readonly kind: 'ref' | 'condition' | 'depends';
  readonly target: string;
  readonly attribute?: string;
};

const pseudo = [
  'AccountId',
  'NotificationARNs',
  'NoValue',
  'Partition',
  'Region',
  'StackId',
  'StackName',
  'URLSuffix',
].map((name) => `AWS::${name}`);

const checkUse = (template: Template, use: Use, attributesOf: AttributesOf): string[] => {
  if (use.kind === 'condition')
    return use.target in section(template, 'Conditions') ? [] : [`${use.at}: unknown condition ${use.target}`];
  const resource = template.Resources[use.target];
  if (use.attribute !== undefined) {
    if (!isRecord(resource)) return [`${use.at}: GetAtt of unknown resource ${use.target}`];
    const type = String(resource.Type);
    const attributes = attributesOf(type);
    return attributes === 'any' || attributes.includes(use.attribute)
      ? []
      : [`${use.at}: ${type} has no attribute ${use.attribute}`];
  }
  const isParameter =
    use.kind === 'ref' && (pseudo.includes(use.target) || use.target in section(template, 'Parameters'));
  return resource !== undefined || isParameter ? [] : [`${use.at}: reference to unknown ${use.target}`];
};

const usesIn = (at: string, value: unknown): Use[] => {
  if (Array.isArray(value)) return value.flatMap((child, index) => usesIn(`${at}[${index}]`, child));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => [
    ...directUses(at, key, child),
    ...usesIn(`${at}.${key}`, child),
  ]);
};

const directUses = (at: string, key: string, value: unknown): Use[] => {
  const isResource = /^Resources\.\w+$/.test(at);
  if (key === 'DependsOn' && isResource)
    return [value].flat().map((target) => ({ at, kind: 'depends', target: String(target) }));
  // An IAM statement's `Condition` is a map, a template's the name of a condition.
  if (key === 'Condition' && typeof value === 'string') return [{ at, kind: 'condition', target: value }];
  if (key === 'Fn::If' && Array.isArray(value)) return [{ at, kind: 'condition', target: String(value[0]) }];
  if (key === 'Ref' && typeof value === 'string') return [{ at, kind: 'ref', target: value }];
  if (key === 'Fn::GetAtt') {
    const [target = '', ...attribute] = typeof value === 'string' ? value.split('.') : [value].flat().map(String);
    return [{ at, kind: 'ref', target, attribute: attribute.join('.') }];
  }
  return key === 'Fn::Sub' ? substituted(at, value) : [];
};

const substituted = (at: string, value: unknown): Use[] => {
  const [text, own] = Array.isArray(value) ? value : [value, {}];
  const names = [...String(text).matchAll(/\$\{([^!}][^}]*)\}/g)].map((match) => (match[1] ?? '').trim());
  return names
    .filter((name) => !(isRecord(own) && name in own))
    .map((name) => {
      const [target = '', ...attribute] = name.split('.');
      return attribute.length === 0
        ? { at, kind: 'ref', target }
        : { at, kind: 'ref', target, attribute: attribute.join('.') };
    });
};

/** One line for each cycle found by a depth-first walk; CloudFormation refuses a template with any. */
const cycles = (resources: Template['Resources'], uses: readonly Use[]): string[] => {
  const needs = (id: string) =>
    uses
      .filter((use) => use.at === `Resources.${id}` || use.at.startsWith(`Resources.${id}.`))
      .flatMap((use) => (use.target in resources ? [use.target] : []));
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (id: string, path: readonly string[]): void => {
    if (path.includes(id)) found.push(`Resources: cycle ${[...path.slice(path.indexOf(id)), id].join(' → ')}`);
    if (path.includes(id) || done.has(id)) return;
    for (const next of new Set(needs(id))) walk(next, [...path, id]);
    done.add(id);
  };
  for (const id of Object.keys(resources)) walk(id, []);
  return found;
};

const section = (template: Template, name: string): Record<string, unknown> => {
  const value = template[name];
  return isRecord(value) ? value : {};
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
