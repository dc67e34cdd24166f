import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Guard } from './guards/guard.ts';

/** From now on the guard's file is loaded without it, so that the product has no switches. Loading it throws where the text is not there exactly once. */
export const removeGuard = (guard: Guard): void => {
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      if (!url.startsWith('file:') || fileURLToPath(url) !== `${ROOT}${guard.file}`) return loaded;
      return { ...loaded, source: without(guard, String(loaded.source)) };
    },
  });
};

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The source without the guard. */
export const without = ({ name, file, text, instead }: Guard, source: string): string => {
  const times = source.split(text).length - 1;
  if (times !== 1) throw new Error(`guard ${name}: its text is in ${file} ${times} times, not once: ${text}`);
  return source.replace(text, () => instead);
};
