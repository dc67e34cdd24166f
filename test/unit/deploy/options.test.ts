import { describe, expect, it } from 'vitest';
import { optionsOf } from '../../../serverless/options.ts';

describe('the options of a deploy', () => {
  it('are a table of the stack, no e-mail, no key and 30 days of log where nothing is said', () => {
    const nothing = { encryptAlerts: false, logRetentionInDays: 30 };
    expect(optionsOf({})).toEqual(nothing);
    expect(optionsOf({ table: '', email: ' ', encryptAlerts: 'false', logRetentionInDays: '30' })).toEqual(nothing);
  });

  it('are taken as they are said', () => {
    const said = { table: 'old-table', email: 'you@example.com', encryptAlerts: 'true', logRetentionInDays: '14' };
    expect(optionsOf({ ...said, subnets: 'subnet-0a', securityGroups: 'sg-0a' })).toEqual({
      vpc: { subnetIds: ['subnet-0a'], securityGroupIds: ['sg-0a'] },
      table: 'old-table',
      email: 'you@example.com',
      encryptAlerts: true,
      logRetentionInDays: 14,
    });
  });

  it.each([
    [{ table: 'ab' }, '--param table: found "ab"; expected the name of a DynamoDB table'],
    [{ table: 'arn:aws:dynamodb:eu-west-1:123456789012:table/x' }, '(not its ARN)'],
    [{ table: 'my table' }, '--param table: found "my table"'],
    [{ table: '\x24{Evil}' }, '--param table: found'],
    [{ email: 'you' }, '--param email: found "you"; expected one address'],
    [{ email: 'a@b.de,c@d.de' }, '--param email: found'],
    [{ encryptAlerts: 'yes' }, '--param encryptAlerts: found "yes"; expected true or false'],
    [{ logRetentionInDays: '8' }, '--param logRetentionInDays: found "8"; expected one of 1, 3, 5'],
  ])('%j is refused', (settings, text) => {
    expect(() => optionsOf(settings)).toThrow(text);
  });

  it('are refused all at once', () => {
    const wrong = { subnets: 'x', table: 'y', email: 'z', encryptAlerts: 'a', logRetentionInDays: 'b' };
    expect(() => optionsOf(wrong)).toThrow(/subnets.*securityGroups.*table.*email.*encryptAlerts.*logRetentionInDays/s);
  });
});
