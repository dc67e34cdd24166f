import { text } from './values.ts';

/** Where snapshots or output are. A wildcard or a variable would be one in the permission, too. */
export const directory = (description: string) =>
  text(
    DIRECTORY,
    's3://bucket/path, or file:/path that is mounted in the functions, too; without *, ? or $',
    description,
  );

const DIRECTORY =
  /^(s3[ap]?:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[^*?$\p{Cc}]{0,900})?|file:\/[^*?$\p{Cc}]{1,900})$/u;
