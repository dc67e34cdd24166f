import { type Problem, pathText } from './problems.ts';
import { get, isObject, list } from './raw.ts';
import { reference, referencesIn } from './reference-syntax.ts';

/** Keys of Flink and its file systems whose value is a secret by their own documentation (`s3.secret-key`, `security.ssl.rest.key-password`). */
const SECRET_KEY = /(password|passphrase|secret[.-]?key|api-?key|account\.key)$/i;

/** Passwords in the open among the values of `flinkConfiguration`: they would travel in the bundle and be kept with each attempt. Never repeats one. */
export const openSecrets = (input: unknown): Problem[] =>
  list(input, 'clusters').flatMap((cluster, i) =>
    list(cluster, 'jobs').flatMap((job, j) => {
      const configuration = get(job, 'flinkConfiguration');
      return Object.entries(isObject(configuration) ? configuration : {})
        .filter(([key, value]) => SECRET_KEY.test(key) && !isReference(value))
        .map(([key]) => ({ path: pathText(['clusters', i, 'jobs', j, 'flinkConfiguration', key]), text: TEXT }));
    }),
  );

const TEXT = `found something that is not shown here; expected a reference: ${reference('secret:name#key')} or ${reference('ssm:/path')}`;

const isReference = (value: unknown): boolean => typeof value === 'string' && referencesIn(value).length > 0;
