import type { ClusterSpec, Manifest } from '../../lib/core/model.ts';
import type { Problem } from '../../lib/manifest/problems.ts';
import { SUBMISSION_NAMES, targetText } from './names.ts';
import { ENVIRONMENT, type Shell, type Taken } from './shell.ts';
import { wrongValues } from './values.ts';

/** What AUTO_SUBMIT_JOB and AUTO_SUBMIT_DELAY do to any manifest. */
export type Submission = {
  readonly problems: readonly Problem[];
  readonly taken: readonly Taken[];
  readonly apply: (manifest: Manifest) => Manifest;
};

export const submissionOf = (shell: Shell): Submission => {
  const given = SUBMISSION_NAMES.filter(({ name }) => shell[name] !== undefined);
  const isOff = shell.AUTO_SUBMIT_JOB?.trim().toLowerCase() === 'false';
  const delay = shell.AUTO_SUBMIT_DELAY?.trim();
  const watch = isOff ? ({ mode: 'watch', modeBecause: 'AUTO_SUBMIT_JOB=false' } as const) : {};
  const pause = delay === undefined ? {} : { submitAfterSeconds: Number(delay) };
  return {
    problems: wrongValues(SUBMISSION_NAMES, shell),
    taken: given
      .filter(({ name }) => name !== 'AUTO_SUBMIT_JOB' || isOff)
      .map(({ name, target }) => ({
        file: ENVIRONMENT,
        name,
        path: targetText(target),
        value: shell[name]?.trim() ?? '',
      })),
    apply: ({ clusters, ...manifest }) => ({
      ...manifest,
      clusters: clusters.map((cluster): ClusterSpec => ({ ...pause, ...cluster, ...watch })),
    }),
  };
};
