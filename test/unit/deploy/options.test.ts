import { describe, expect, it } from 'vitest';
import { optionsOf } from '../../../serverless/options.ts';

describe('the options of a deploy', () => {
  it('are a table of the stack, no e-mail, no key, 30 days of log, 256 MB and metrics by cluster where nothing is said', () => {
    const nothing = { encryptAlerts: false, logRetentionInDays: 30, memorySize: 256, metrics: 'cluster' };
    expect(optionsOf({})).toEqual(nothing);
    const empty = { table: '', email: ' ', encryptAlerts: 'false', logRetentionInDays: '30', memory: '' };
    expect(optionsOf(empty)).toEqual(nothing);
  });

  it('are taken as they are said', () => {
    const said = { table: 'old-table', email: 'you@example.com', encryptAlerts: 'true', logRetentionInDays: '14' };
    expect(
      optionsOf({ ...said, memory: '1024', metrics: 'job', subnets: 'subnet-0a', securityGroups: 'sg-0a' }),
    ).toEqual({
      vpc: { subnetIds: ['subnet-0a'], securityGroupIds: ['sg-0a'] },
      table: 'old-table',
      email: 'you@example.com',
      encryptAlerts: true,
      logRetentionInDays: 14,
      memorySize: 1_024,
      metrics: 'job',
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
    [{ memory: '255' }, '--param memory: found "255"; expected MB from 256 to 10240'],
    [{ memory: '10241' }, '--param memory: found "10241"'],
    [{ metrics: 'all' }, '--param metrics: found "all"; expected off, cluster, job'],
    [{ memory: '1 GB' }, '--param memory: found "1 GB"'],
  ])('%j is refused', (settings, text) => {
    expect(() => optionsOf(settings)).toThrow(text);
  });

  it.each(['256', '10240'])('memory of %s MB is taken', (memory) => {
    expect(optionsOf({ memory }).memorySize).toBe(Number(memory));
  });

  it('are refused all at once', () => {
    const wrong = { subnets: 'x', table: 'y', email: 'z', encryptAlerts: 'a', logRetentionInDays: 'b', memory: 'c' };
    const named = /subnets.*securityGroups.*table.*email.*encryptAlerts.*logRetentionInDays.*memory/s;
    expect(() => optionsOf(wrong)).toThrow(named);
  });
});
