/**
 * Whether EventBridge would match: each key of the pattern has to be in the event, a list in it means any of, and a list in the
 * event means one of them. Throws on what it does not know, so that a pattern never passes because it was not understood.
 */
export const matchesPattern = (pattern: unknown, event: unknown): boolean => {
  if (!isRecord(pattern)) throw new Error(`a pattern is a map, not ${JSON.stringify(pattern)}`);
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === '$or') return alternatives(wanted).some((one) => matchesPattern(one, event));
    const value = isRecord(event) ? event[key] : undefined;
    if (!Array.isArray(wanted)) return matchesPattern(wanted, value);
    if (wanted.length === 0) throw new Error(`${key}: EventBridge refuses an empty list`);
    return wanted.some((one) => [value].flat().some((found) => matchesValue(one, found)));
  });
};

const matchesValue = (wanted: unknown, found: unknown): boolean => {
  if (!isRecord(wanted)) return wanted === found;
  const [operator, ...others] = Object.keys(wanted);
  if (operator !== 'suffix' || others.length > 0) throw new Error(`unknown operator ${JSON.stringify(wanted)}`);
  return typeof found === 'string' && found.endsWith(String(wanted.suffix));
};

const alternatives = (wanted: unknown): readonly unknown[] => {
  if (Array.isArray(wanted) && wanted.length > 1) return wanted;
  throw new Error('EventBridge takes $or with two or more members only');
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
