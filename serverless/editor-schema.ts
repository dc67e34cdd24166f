import * as z from 'zod/mini';
import { manifestSchema } from '../lib/manifest/schema.ts';

/**
 * flink-jobs.schema.json, which editors check flink-jobs.yml against: the schema of the deploy, where each value may also come from
 * the environment, and a cluster is ECS services or a `url`. What only the whole file shows (doubles, orders) the deploy alone checks.
 */
export const editorSchema = (): string => {
  const schema = z.toJSONSchema(manifestSchema, {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      delete jsonSchema.expected;
      if (typeof jsonSchema.standard === 'string') jsonSchema.description += ` Default: ${jsonSchema.standard}.`;
      delete jsonSchema.standard;
      if (jsonSchema.properties?.url !== undefined) jsonSchema.oneOf = PLACES;
      orFromEnvironment(jsonSchema);
    },
  });
  return `${JSON.stringify({ title: 'Jobs of Flink clusters on Amazon ECS', ...schema }, null, 2)}\n`;
};

/** Exactly one of them, as placeProblems has it. */
const PLACES = [{ required: ['ecsCluster', 'jobManagers'] }, { required: ['url'] }];

const FROM_ENVIRONMENT = { type: 'string', pattern: String.raw`\$\{env:[A-Za-z_][A-Za-z0-9_]*\}` } as const;

/** A value may be taken from the deploying shell; what it then is, the deploy checks. */
const orFromEnvironment = (schema: z.core.JSONSchema.BaseSchema): void => {
  const { type, pattern, minimum, maximum, enum: values } = schema;
  const isFree = schema.const !== undefined || (type === 'string' && pattern === undefined && values === undefined);
  if (isFree || !['string', 'integer', 'boolean'].includes(String(type))) return;
  const own = { type, pattern, minimum, maximum, enum: values };
  for (const key of Object.keys(own)) delete schema[key];
  schema.anyOf = [JSON.parse(JSON.stringify(own)), FROM_ENVIRONMENT];
};
