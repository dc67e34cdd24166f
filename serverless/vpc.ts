import type { Settings, Vpc } from './osls.ts';

/** `--param subnets=…` and `--param securityGroups=…` (ids, comma-separated): both or none, else the problems, a line each. */
export const vpcOf = (settings: Settings): { readonly vpc?: Vpc; readonly problems: readonly string[] } => {
  const subnetIds = ids(settings.subnets);
  const securityGroupIds = ids(settings.securityGroups);
  if (subnetIds.length === 0 && securityGroupIds.length === 0) return { problems: [] };
  const problems = [
    ...wrong('subnets', subnetIds, /^subnet-[0-9a-f]+$/, 'subnet-0abc,subnet-0def'),
    ...wrong('securityGroups', securityGroupIds, /^sg-[0-9a-f]+$/, 'sg-0abc'),
  ];
  return { vpc: { subnetIds, securityGroupIds }, problems };
};

const ids = (value: unknown): string[] =>
  String(value ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');

const wrong = (param: string, found: readonly string[], pattern: RegExp, example: string): string[] => {
  if (found.length === 0) return [`--param ${param}: missing; expected ids such as ${example}`];
  const bad = found.filter((id) => !pattern.test(id));
  return bad.map((id) => `--param ${param}: found ${JSON.stringify(id)}; expected ids such as ${example}`);
};
