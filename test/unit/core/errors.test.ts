import { describe, expect, it } from 'vitest';
import { asFault, Fault, isAccessRefused, isLeaderRefused } from '../../../lib/core/errors.ts';

describe('a fault', () => {
  it('is an error by its own name, with what decides and what people read', () => {
    const fault = new Fault('transient', 'THROTTLED', 'ask later');
    expect(`${fault}`).toBe('Fault: ask later');
    expect(fault).toMatchObject({ kind: 'transient', code: 'THROTTLED', context: {} });
    expect(fault).not.toHaveProperty('cause');
  });

  it('keeps its context and its cause', () => {
    const cause = new Error('socket hang up');
    const fault = new Fault('unknown-outcome', 'RUN_BROKEN', 'x', { cause, context: { status: 500 } });
    expect(fault).toMatchObject({ cause, context: { status: 500 } });
  });
});

describe('what was thrown', () => {
  it('is the fault that it is', () => {
    const fault = new Fault('conflict', 'LEASE_LOST', 'another pass has it');
    expect(asFault(fault)).toBe(fault);
  });

  it.each<[string, unknown, string]>([
    ['an error', new TypeError('x is not a function'), 'x is not a function'],
    ['a text', 'no idea', 'no idea'],
    ['nothing', undefined, 'undefined'],
  ])('as %s is a bug of ours, which it is the cause of', (_, thrown, message) => {
    const fault = asFault(thrown);
    expect(fault).toMatchObject({ kind: 'bug', code: 'UNEXPECTED', message });
    expect(fault.cause).toBe(thrown);
  });
});

describe('access to a JobManager', () => {
  it.each<[string | undefined, boolean]>([
    ['FLINK_DENIED', true],
    ['FLINK_TLS', true],
    ['SECRET_MISSING', true],
    ['SECRET_DENIED', true],
    ['SECRETS_UNAVAILABLE', false],
    ['UNREACHABLE', false],
    [undefined, false],
  ])('is refused by %s: %s', (code, refused) => {
    expect(isAccessRefused(code)).toBe(refused);
  });
});

describe('access to who leads', () => {
  it.each<[string | undefined, boolean]>([
    ['LEADER_DENIED', true],
    ['LEADER_UNPARSABLE', true],
    ['SECRET_MISSING', true],
    ['SECRET_DENIED', true],
    ['SECRETS_UNAVAILABLE', false],
    ['FLINK_DENIED', false],
    [undefined, false],
  ])('is refused by %s: %s', (code, refused) => {
    expect(isLeaderRefused(code)).toBe(refused);
  });
});
