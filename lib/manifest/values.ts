import * as z from 'zod/mini';

/** Values of the schema. Each carries what it says (for the documentation) and what would be right (for errors and documentation). */

/** `hint` may say more about one wrong text than what would be right in general. */
export function text(
  pattern: RegExp,
  expected: string,
  description: string,
  hint?: (found: string) => string | undefined,
) {
  const error = ({ input }: { readonly input?: unknown }) => (typeof input === 'string' && hint?.(input)) || expected;
  return z.string({ error: expected }).check(z.regex(pattern, { error }), z.meta({ description, expected }));
}

/** A whole number; `range` is inclusive. */
export function whole(range: readonly [least: number, most: number], example: number, description: string) {
  const error = `a whole number from ${range[0]} to ${range[1]}, such as ${example}`;
  return z
    .int({ error })
    .check(z.minimum(range[0], { error }), z.maximum(range[1], { error }), z.meta({ description, expected: error }));
}

export function flag(description: string) {
  return z.boolean({ error: 'true or false' }).check(z.meta({ description, expected: 'true or false' }));
}

export function choice<const T extends readonly string[]>(values: T, description: string) {
  const expected = values.join(' or ');
  return z.enum(values, { error: expected }).check(z.meta({ description, expected }));
}

export function list<T extends z.ZodMiniType>(item: T, expected: string, description: string, least = 0) {
  return z
    .array(item, { error: expected })
    .check(z.minLength(least, { error: expected }), z.meta({ description, expected }));
}

export function mapping<T extends z.core.$ZodShape>(shape: T, expected: string, description?: string) {
  return z
    .strictObject(shape, { error: expected })
    .check(z.meta(description === undefined ? { expected } : { expected, description }));
}

export function optional<T extends z.ZodMiniType>(value: z.util.NoUndefined<z.output<T>>, schema: T) {
  return z._default(schema, value);
}

/** `standard`: what holds without it, as the documentation shows it; nothing is added to the manifest. */
export function usually<T extends z.ZodMiniType>(standard: string, schema: T) {
  return z.exactOptional(schema.check(z.meta({ standard })));
}
