import { DEFAULT_FLINK, FLINK_VERSIONS, type FlinkVersion, flinkVersion } from '../../../local/install/flink.ts';

/** The environment variable by which `npm run e2e -- --flink VERSION` reaches the tests. */
export const FLINK_VARIABLE = 'E2E_FLINK';

/** The Flink that the tests run on. */
export const chosenFlink = (): FlinkVersion => {
  const word = process.env[FLINK_VARIABLE] ?? DEFAULT_FLINK;
  const known = flinkVersion(word);
  if (known === undefined) throw new Error(`${FLINK_VARIABLE} should be ${FLINK_VERSIONS.join(' or ')}, is ${word}`);
  return known;
};
