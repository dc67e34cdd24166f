import { CannotStart } from './cannot-start.ts';

/** A Flink of this machine: `home` holds its lib/ and plugins/, `s3Plugins` the same plugins and the file system for S3. */
export type InstalledFlink = { readonly version: string; readonly home: string; readonly s3Plugins?: string };

/** The Flink that an image's tag asks for by its minor release; the first one for a tag that names none. Throws CannotStart. */
export const chooseFlink = (image: string, flinks: readonly InstalledFlink[]): InstalledFlink => {
  const asked = minorOf(parseImage(image).tag);
  const found = asked === undefined ? flinks[0] : flinks.find(({ version }) => minorOf(version) === asked);
  if (found !== undefined) return found;
  const here = flinks.map(({ version }) => version).join(', ');
  throw new CannotStart(
    `CannotPullContainerError: failed to resolve ref ${image}: the local world has installed only Flink ${here}`,
  );
};

/** `registry/name:tag@digest` */
export const parseImage = (image: string): { name: string; tag: string } => {
  const last = (image.split('@')[0] ?? '').split('/').at(-1) ?? '';
  const [name = '', tag = 'latest'] = last.split(':');
  return { name, tag };
};

const minorOf = (version: string): string | undefined => /^\d+\.\d+(?!\d)/.exec(version)?.[0];
