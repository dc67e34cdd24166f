import { notAsExpected, type Problem } from '../../lib/manifest/problems.ts';
import { reference, SECRET_ALONE } from '../../lib/manifest/reference-syntax.ts';
import { type EnvironmentName, JOB_NAMES } from './names.ts';
import { ENVIRONMENT, holdsPassword, type Shell } from './shell.ts';

/** What is wrong with the values of those names that are given: empty, not what they should be, or a password in the open. */
export const wrongValues = (names: readonly EnvironmentName[], shell: Shell): Problem[] =>
  names
    .filter(({ name }) => shell[name] !== undefined)
    .flatMap((one) => {
      const text = wrongText(one, shell[one.name]?.trim() ?? '');
      return text === undefined ? [] : [problem(one.name, text)];
    });

/** Names without which there is no job. */
export const missingNames = (names: readonly string[], shell: Shell): Problem[] =>
  JOB_NAMES.filter(({ name }) => names.includes(name) && shell[name] === undefined).map(({ name, expected }) =>
    problem(name, notAsExpected(name, undefined, expected).text),
  );

/** The cluster runs with a ZooKeeper. */
export const isHighlyAvailable = (shell: Shell): boolean => shell.HA_MODE?.trim().toLowerCase() === 'zookeeper';

/** Doing nothing about half a wish for high availability would be the worst answer: a cluster that has it would be held. */
export const wrongHighAvailability = (shell: Shell): Problem[] => {
  if (isHighlyAvailable(shell) && shell.HA_ZOOKEEPER_QUORUM === undefined)
    return [problem('HA_ZOOKEEPER_QUORUM', 'missing beside HA_MODE=zookeeper; expected host:port of each server')];
  const [other] = JOB_NAMES.filter(({ name }) => name.startsWith('HA_') && shell[name] !== undefined);
  if (shell.HA_MODE !== undefined || other === undefined) return [];
  return [problem('HA_MODE', `missing beside ${other.name}; expected none or zookeeper`)];
};

const wrongText = ({ name, pattern, expected }: EnvironmentName, value: string): string | undefined => {
  if (value === '') return `empty; expected ${expected}, or the name not set at all`;
  // The password itself would travel in the bundle: only a reference is taken, and nothing else is repeated.
  if (name === 'DATABASE_PASSWORD' ? !SECRET_ALONE.test(value) : holdsPassword(value))
    return `found something that is not shown here; expected the password as a reference: ${reference('secret:name#key')} or ${reference('ssm:/path')}`;
  return pattern === undefined || pattern.test(value) ? undefined : notAsExpected(name, value, expected).text;
};

const problem = (path: string, text: string): Problem => ({ file: ENVIRONMENT, path, text });
