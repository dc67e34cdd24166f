import { readFileSync } from 'node:fs';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

/** A resource of a template that holds something or has a name, with the properties whose change makes CloudFormation replace it. */
export type Kept = { readonly Type: string; readonly properties: Readonly<Record<string, unknown>> };
export type Fingerprint = Readonly<Record<string, Kept>>;

type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;

/**
 * What an update must not lose: what is remembered, queued or subscribed to, and what has a fixed name or a full place, since
 * CloudFormation makes the new one before it deletes the old one.
 */
const KEPT_TYPES = [
  'AWS::CloudWatch::Alarm',
  'AWS::DynamoDB::Table',
  'AWS::Events::Rule',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
];

/** The fingerprint of a template, by logical id. */
export const fingerprintOf = ({ Resources }: { readonly Resources: Resources }): Fingerprint =>
  Object.fromEntries(
    Object.entries(Resources)
      .filter(([, { Type }]) => KEPT_TYPES.includes(Type))
      .map(([id, { Type, Properties = {} }]) => {
        const kept = Object.entries(Properties).filter(([name]) => replacing(Type).includes(name));
        return [id, { Type, properties: Object.fromEntries(kept) }];
      }),
  );

/** What a stack of the earlier template would lose by an update to the later one, a line each; empty = it rolls safely. */
export const lostBy = (earlier: Fingerprint, later: { readonly Resources: Resources }): string[] => {
  const now = fingerprintOf(later);
  return Object.entries(earlier).flatMap(([id, { Type, properties }]) => {
    const kept = now[id];
    if (kept === undefined) return [`${id}: dropped`];
    if (kept.Type !== Type) return [`${id}: was ${Type}, is ${kept.Type}`];
    const names = [...new Set([...Object.keys(properties), ...Object.keys(kept.properties)])];
    return names
      .filter((name) => JSON.stringify(properties[name]) !== JSON.stringify(kept.properties[name]))
      .map((name) => `${id}.${name}: changed, which replaces it`);
  });
};

const specification = loadAwsServiceSpecSync();

const replacing = (type: string): string[] => {
  const [definition] = specification.lookup('resource', 'cloudFormationType', 'equals', type);
  const properties = Object.entries(definition?.properties ?? {});
  return properties.filter(([, { causesReplacement = 'no' }]) => causesReplacement !== 'no').map(([name]) => name);
};

// For a release: the fingerprint of a packaged template, to be kept as test/fixtures/stacks/VERSION.json.
if (import.meta.main) console.log(JSON.stringify(fingerprintOf(JSON.parse(readFileSync(0, 'utf8'))), null, 2));
