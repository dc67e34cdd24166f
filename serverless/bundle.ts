import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { Manifest } from '../lib/core/model.ts';

const ROOT = join(import.meta.dirname, '..');

/** An ES module has no `require`, and some packages inside the bundle call it for Node's own modules. */
const BANNER = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;

/** A source map with one position: traces of a package need no lines, and its real map is two thirds of the zip. */
const EMPTY_MAP = Buffer.from('{"version":3,"sources":["package"],"mappings":"AAAA"}').toString('base64');

const noMapsOfPackages: Plugin = {
  name: 'no-maps-of-packages',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return {
        contents: `${source}\n//# sourceMappingURL=data:application/json;base64,${EMPTY_MAP}`,
        loader: 'default',
      };
    });
  },
};

/** Bundles functions/`name`.ts into `parent`/`name`: index.mjs, its map and flink-jobs.json, all that the zip holds. Gives that folder. */
export const bundle = async (name: string, manifest: Manifest, parent: string): Promise<string> => {
  const dir = join(parent, name);
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  await build({
    entryPoints: [join(ROOT, 'functions', `${name}.ts`)],
    outfile: join(dir, 'index.mjs'),
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    // Errors and log lines name classes; minified names would say nothing.
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    banner: { js: BANNER },
    plugins: [noMapsOfPackages],
    logLevel: 'error',
  });
  await writeFile(join(dir, 'flink-jobs.json'), JSON.stringify(manifest));
  return dir;
};
