import { AwsError } from '../emulator.ts';

/** One page of a list and the token of the next. A token names the last item given, so that a list that grows is not read twice. */
export const page = (all: readonly string[], size: number, token?: string): { items: string[]; nextToken?: string } => {
  const after = token === undefined ? -1 : all.indexOf(Buffer.from(token, 'base64url').toString('utf8'));
  if (token !== undefined && after < 0) throw new AwsError('InvalidParameterException', 'Invalid token.');
  const items = all.slice(after + 1, after + 1 + size);
  const last = items.at(-1);
  if (last === undefined || after + 1 + size >= all.length) return { items };
  return { items, nextToken: Buffer.from(last, 'utf8').toString('base64url') };
};
