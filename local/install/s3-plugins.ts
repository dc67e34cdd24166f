import { cpSync } from 'node:fs';
import { join } from 'node:path';
import versions from '../versions.json' with { type: 'json' };
import { installOnce, type Progress } from './cache.ts';
import type { FlinkVersion } from './flink.ts';
import { MavenUnavailable, mavenCopy } from './maven.ts';

/**
 * Installs the plugins of this Flink once more, with its file system for S3 beside them, which the official image has
 * ready and Flink's package for Python lacks. Where Maven cannot bring it, `because` says why.
 */
export const installS3Plugins = async (
  version: FlinkVersion,
  { home, java }: { home: string; java: string },
  report: Progress,
): Promise<S3Plugins> => {
  const jar = versions.maven.s3[version];
  const name = `flink-${version}-plugins-${jar.sha256.slice(0, 12)}`;
  try {
    const folder = await installOnce(name, report, async (out, processes, scratch) => {
      await mavenCopy({ java, processes, scratch, report }, jar, join(out, 's3-fs'));
      cpSync(join(home, 'plugins'), out, { recursive: true });
    });
    return { folder };
  } catch (error) {
    if (error instanceof MavenUnavailable) return { because: error.message };
    throw error;
  }
};

/** The folder that is to be FLINK_PLUGINS_DIR, or one clause on why there is none. */
export type S3Plugins = { readonly folder: string } | { readonly because: string };
