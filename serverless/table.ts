import type { Template } from './osls.ts';

/**
 * The template with an existing table in the place of its own: no table of the stack, and every mention of it names that one.
 * A table that the stack once made stays, as its deletion policy says.
 */
export const attachTable = <T extends Template>(template: T, table: string): T => {
  const { Memory: _, ...others } = template.Resources;
  return renamed({ ...template, Resources: others }, table);
};

/** Generic, since a template stays a template: only texts and references change. */
const renamed = <T>(template: T, table: string): T =>
  JSON.parse(JSON.stringify(template), (_, value) => {
    if (value?.Ref === 'Memory') return table;
    if (String(value?.['Fn::GetAtt']) === 'Memory,Arn') return arnOf(table);
    return value;
  });

const arnOf = (table: string): object => ({
  'Fn::Sub': `arn:\${AWS::Partition}:dynamodb:\${AWS::Region}:\${AWS::AccountId}:table/${table}`,
});
