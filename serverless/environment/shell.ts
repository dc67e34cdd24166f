/** The environment of the deploying shell. */
export type Shell = Readonly<Record<string, string | undefined>>;

/** What problems of it are said to be in. */
export const ENVIRONMENT = 'environment';

/** A value that came from the environment and where it went; `file` is where it was asked for. */
export type Taken = { readonly file: string; readonly name: string; readonly path: string; readonly value: string };

const VALUE_CHARS_MAX = 200;

/** One line for who deploys. */
export const takenText = ({ file, name, path, value }: Taken): string =>
  `${file}: ${name} = ${JSON.stringify(value).slice(0, VALUE_CHARS_MAX)} → ${path}`;

/** `scheme://user:password@…`: what travels in the bundle can be read by everyone who may read the functions. */
export const holdsPassword = (value: string): boolean => /:\/\/[^/\s:@]*:[^/\s@]+@/.test(value);
