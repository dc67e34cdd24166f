import { describe, expect, it } from 'vitest';
import { vpcOf } from '../../../serverless/vpc.ts';

describe('the VPC of the functions', () => {
  it('is none where nothing is said', () => {
    expect(vpcOf({})).toEqual({ problems: [] });
    expect(vpcOf({ subnets: '', securityGroups: ' ' })).toEqual({ problems: [] });
  });

  it('is made of ids, comma-separated', () => {
    expect(vpcOf({ subnets: 'subnet-0a, subnet-1b', securityGroups: 'sg-2c' })).toEqual({
      vpc: { subnetIds: ['subnet-0a', 'subnet-1b'], securityGroupIds: ['sg-2c'] },
      problems: [],
    });
  });

  it.each([
    [{ subnets: 'subnet-0a' }, '--param securityGroups: missing'],
    [{ securityGroups: 'sg-0a' }, '--param subnets: missing'],
    [{ subnets: 'vpc-0a', securityGroups: 'sg-0a' }, '--param subnets: found "vpc-0a"'],
    [{ subnets: 'subnet-0a', securityGroups: 'default' }, '--param securityGroups: found "default"'],
  ])('%j is refused', (settings, text) => {
    expect(vpcOf(settings).problems).toEqual([expect.stringContaining(text)]);
  });
});
