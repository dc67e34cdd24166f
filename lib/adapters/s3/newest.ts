import type { NewestFile } from '../../core/health/figures.ts';
import { newestBelow, type Page } from '../output/newest-below.ts';
import { below, pages, type S3Files } from './listing.ts';

/** `SnapshotFiles.newest` in S3, which lists by name: a level of directories at a time. */
export const newestInS3 = (
  options: S3Files,
  directory: string,
  sinceMs: number,
  deadlineMs: number,
): Promise<NewestFile | undefined> => newestBelow((path) => levelOf(options, path, deadlineMs), directory, sinceMs);

async function* levelOf(options: S3Files, path: string, deadlineMs: number): AsyncGenerator<Page> {
  const query = { ...below(path), Delimiter: '/' };
  for await (const { Contents = [], CommonPrefixes = [] } of pages(options, query, deadlineMs))
    yield {
      files: Contents.map(({ Key = '', LastModified }) => ({
        name: Key.slice(query.Prefix.length),
        atMs: LastModified?.getTime() ?? 0,
      })),
      directories: CommonPrefixes.map(({ Prefix = '' }) => Prefix.slice(query.Prefix.length, -1)),
    };
}
