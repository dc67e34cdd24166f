import { BUCKET } from '../../../local/deploy/deployments.ts';
import type { World } from '../../../local/world.ts';
import { type S3Proxy, startS3Proxy } from './s3-proxy.ts';

/**
 * Passes every call to the S3 of the world on, but the files that sinks write below a folder can be led astray (below `ASTRAY` in place of
 * where they belong), or take long. Give the tasks `setting`.
 */
export const openOutputStore = async (world: World): Promise<OutputStore> => {
  const moods = new Map<string, Mood>();
  const astray = new Set<string>();
  const waiting = new Set<() => void>();
  const proxy = await startS3Proxy(world, ({ method, url = '' }, _outgoing, pass) => {
    const [path = ''] = url.split('?');
    const mood = moods.get(folderOf(path));
    // All that is said of one file goes one way, whatever its folder's mood is later.
    if (mood === 'astray' && method === 'POST' && /\?uploads\b/.test(url)) astray.add(path);
    if (astray.has(path)) pass(url.replace(`/${BUCKET}/`, `/${BUCKET}/${ASTRAY}/`));
    else if (mood === 'slow' && method === 'PUT') later(waiting, pass);
    else pass();
  });
  return {
    setting: proxy.setting,
    become: (folder, mood) => {
      moods.set(folder, mood);
      if (mood === 'well') for (const goOn of waiting) goOn();
    },
    close: () => {
      for (const goOn of waiting) goOn();
      proxy.close();
    },
  };
};

export type Mood = 'well' | 'slow' | 'astray';

export type OutputStore = S3Proxy & {
  /** From now on this happens to the files of a folder of the bucket. */
  become(folder: string, mood: Mood): void;
};

/** The folder of the bucket that holds what went astray. */
export const ASTRAY = 'astray';

/** Less than S3's clients wait, and far longer than what a sink's channels hold. */
const SLOW_MS = 60_000;

/** Sinks put their files into buckets by the hour: `/BUCKET/FOLDER/2026-11-29--15/part-…`. */
const folderOf = (path: string): string => path.split('/').slice(2, -2).join('/');

const later = (waiting: Set<() => void>, pass: () => void): void => {
  const goOn = (): void => {
    clearTimeout(timer);
    if (waiting.delete(goOn)) pass();
  };
  const timer = setTimeout(goOn, SLOW_MS);
  waiting.add(goOn);
};
