import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Guard, type Patch, patchesOf } from './guards/guard.ts';

/** From now on the guard's files are loaded without it, so that the product has no switches. Loading it throws where the text is not there exactly once. */
export const removeGuard = (guard: Guard): void => {
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      const patch = url.startsWith('file:')
        ? patchesOf(guard).find(({ file }) => fileURLToPath(url) === `${ROOT}${file}`)
        : undefined;
      return patch === undefined ? loaded : { ...loaded, source: without(guard.name, patch, String(loaded.source)) };
    },
  });
};

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The source without the guard. */
export const without = (name: string, { file, text, instead }: Patch, source: string): string => {
  const times = source.split(text).length - 1;
  if (times !== 1) throw new Error(`guard ${name}: its text is in ${file} ${times} times, not once: ${text}`);
  return source.replace(text, () => instead);
};
