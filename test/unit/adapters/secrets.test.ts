import { describe, expect, test } from 'vitest';
import { createRedaction, VALUES_MAX } from '../../../lib/adapters/redaction.ts';
import { createSecrets, FRESH_MS, KEPT_MS } from '../../../lib/adapters/secrets.ts';
import { Fault } from '../../../lib/core/errors.ts';
import { t0 } from '../../support/builders.ts';

/** Stores whose values a test may change, and what was asked of them. */
const vault = (values: Record<string, string | Fault>) => {
  const asked: string[] = [];
  const clock = { nowMs: t0 };
  const read = (kind: string) => async (name: string) => {
    asked.push(`${kind} ${name}`);
    const value = values[name] ?? new Fault('rejected', 'SECRET_MISSING', 'ssm:GetParameter: not there');
    if (value instanceof Fault) throw value;
    return value;
  };
  const redaction = createRedaction();
  const stores = { ssm: read('ssm'), secret: read('secret') };
  return { asked, clock, values, redaction, secrets: createSecrets({ stores, redaction, nowMs: () => clock.nowMs }) };
};

const json = JSON.stringify({ user: 'bob', port: 1521, on: true, deep: {}, '': 'no name' });

describe('a text with references', () => {
  test.each([
    ['--rate=100', '--rate=100', []],
    ['${ssm:/db/password}', 's3cr3t', ['ssm /db/password']],
    ['jdbc:${secret:db#user}/${ssm:/db/password}@db', 'jdbc:bob/s3cr3t@db', ['secret db', 'ssm /db/password']],
    ['${secret:db#port} ${secret:db#on}', '1521 true', ['secret db']],
    ['${secret:plain}', 'whole $& text', ['secret plain']],
    ['${secret:arn:aws:secretsmanager:eu-west-1:000000000000:secret:db-AbCdEf#user}', 'bob', undefined],
    ['$${ssm:/db/password} and ${other:x} and $HOME', '${ssm:/db/password} and ${other:x} and $HOME', []],
    ['${ssm:/loop}', '${ssm:/db/password}', ['ssm /loop']],
  ])('%s becomes %s', async (text, expected, asked) => {
    const world = vault({
      '/db/password': 's3cr3t',
      '/loop': '${ssm:/db/password}',
      db: json,
      plain: 'whole $& text',
      'arn:aws:secretsmanager:eu-west-1:000000000000:secret:db-AbCdEf': json,
    });
    expect(await world.secrets.resolve(text, t0)).toBe(expected);
    if (asked !== undefined) expect(world.asked).toEqual(asked);
  });

  test.each([
    ['${ssm:/none}', '${ssm:/none}: ssm:GetParameter: not there'],
    ['${ssm:}', '${ssm:} names nothing'],
    ['${secret:#key}', '${secret:#key} names nothing'],
    ['${secret:db#none}', '${secret:db#none}: the secret has no key none with a text'],
    ['${secret:db#deep}', '${secret:db#deep}: the secret has no key deep with a text'],
    ['${secret:plain#key}', '${secret:plain#key}: the secret is no JSON object, so it has no keys'],
    ['${secret:number#key}', '${secret:number#key}: the secret is no JSON object, so it has no keys'],
  ])('%s is refused by name and without any value', async (text, message) => {
    const { secrets } = vault({ db: json, plain: 'pla{in', number: '7' });
    await expect(secrets.resolve(text, t0)).rejects.toMatchObject({
      kind: 'rejected',
      code: 'SECRET_MISSING',
      message,
    });
  });
});

describe('a value', () => {
  test.each([
    ['submitted', FRESH_MS],
    ['used to look', KEPT_MS],
  ])('that is %s is read again after so long and no earlier', async (what, ms) => {
    const { secrets, asked, clock, values } = vault({ '/a': 'first' });
    const read = () =>
      what === 'submitted' ? secrets.resolve('${ssm:/a}', t0) : secrets.resolveWithin('${ssm:/a}', t0, KEPT_MS);
    await read();
    values['/a'] = 'second';
    clock.nowMs = t0 + ms;
    expect(await read()).toBe('first');
    clock.nowMs += 1;
    expect(await read()).toBe('second');
    expect(asked).toHaveLength(2);
  });

  test('that many ask for at once is read once', async () => {
    const { secrets, asked } = vault({ db: json });
    await Promise.all([secrets.resolve('${secret:db#user}', t0), secrets.resolve('${secret:db#port}', t0)]);
    expect(asked).toEqual(['secret db']);
  });

  test('that cannot be read is not asked for at every look of a waiting pass, and found soon after it is there', async () => {
    const { secrets, asked, clock, values } = vault({});
    const read = () => secrets.resolve('${ssm:/late}', t0);
    await expect(read()).rejects.toThrow();
    values['/late'] = 'here';
    clock.nowMs += 2_000;
    await expect(read()).rejects.toThrow();
    expect(asked).toHaveLength(1);
    clock.nowMs += 1;
    expect(await read()).toBe('here');
  });
});

describe('what was read', () => {
  test.each([
    ['as it is', 's3cr3t" \\x', 'cannot log in with s3cr3t" \\x!'],
    ['inside JSON', 's3cr3t" \\x', `{"p":"${'s3cr3t\\" \\\\x'}"}`],
    ['inside a URL', 's3cr3t/? x', 'http://u:s3cr3t%2F%3F%20x@db'],
    ['by one of its lines', 'BEGIN\nline two\nEND!', 'bad line: line two'],
    ['by a part of its JSON', '{"password":"hunter2"}', 'denied hunter2'],
  ])('is repeated by no text %s', async (_, value, text) => {
    const { secrets, redaction } = vault({ '/a': value });
    await secrets.resolve('${ssm:/a}', t0);
    const told = redaction.redact(text);
    expect(told).toContain('<value of ssm:/a>');
    for (const part of ['s3cr3t', 'line two', 'hunter2']) expect(told).not.toContain(part);
  });

  test('stays hidden after it was rotated', async () => {
    const { secrets, redaction, clock, values } = vault({ '/a': 'old one' });
    await secrets.resolve('${ssm:/a}', t0);
    values['/a'] = 'new one';
    clock.nowMs += KEPT_MS;
    await secrets.resolve('${ssm:/a}', t0);
    expect(redaction.redact('old one, new one')).toBe('<value of ssm:/a>, <value of ssm:/a>');
  });

  test('is hidden whole where one is a part of another', () => {
    const redaction = createRedaction();
    redaction.hide('pass', 'a');
    redaction.hide('password', 'b');
    expect(redaction.redact('password pass')).toBe('<b> <a>');
  });

  test('stays hidden while it is in use, however many others were read since', () => {
    const redaction = createRedaction();
    redaction.hide('in-use', 'a');
    redaction.hide('long-ago', 'b');
    for (let n = 2; n < VALUES_MAX; n += 1) redaction.hide(`other-${n}`, 'c');
    redaction.hide('in-use', 'a');
    redaction.hide('other-2', 'c');
    expect(redaction.redact('in-use, long-ago')).toBe('<a>, <b>');
    redaction.hide('one-more', 'd');
    expect(redaction.redact('in-use, long-ago, one-more')).toBe('<a>, long-ago, <d>');
  });

  test('of three letters or less would garble every text, and is left', () => {
    const redaction = createRedaction();
    redaction.hide('1', 'a');
    expect(redaction.redact('1 of 2')).toBe('1 of 2');
  });
});
