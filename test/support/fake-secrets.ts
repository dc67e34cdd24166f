import { Fault } from '../../lib/core/errors.ts';
import type { Secrets } from '../../lib/ports.ts';

/** Secrets in a plain memory, by their whole reference, held to the same contract suite as the real stores. */
export const createFakeSecrets = (values: Readonly<Record<string, string>>): Secrets => ({
  resolve: async (text) =>
    text.replace(/\$\{[^}]+\}/g, (reference) => {
      const value = values[reference];
      if (value === undefined) throw new Fault('rejected', 'SECRET_MISSING', `${reference}: there is none`);
      return value;
    }),
});
