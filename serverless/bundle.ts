import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { basename, join } from 'node:path';
import { decode, encode } from '@jridgewell/sourcemap-codec';
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

/**
 * Node's own modules by `require`: an ES import of `node:http` reads each of its exports, and one of them loads all of
 * Node's fetch, which costs every cold start 15 ms and is not used.
 */
const requireBuiltins: Plugin = {
  name: 'require-builtins',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^[a-z]/ }, ({ path, kind }) =>
      (kind === 'import-statement' || kind === 'dynamic-import') && isBuiltin(path)
        ? { path, namespace: 'builtin' }
        : undefined,
    );
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

/** node-fetch brings it for a Node without web streams; no Node that runs here is one. */
const noPolyfill: Plugin = {
  name: 'no-polyfill',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^web-streams-polyfill/ }, ({ path }) => ({ path, namespace: 'polyfill' }));
    onLoad({ filter: /./, namespace: 'polyfill' }, () => ({ contents: '' }));
  },
};

/** Ways to credentials that a Lambda function never has (its own come by the environment), and a parser of browsers' names. */
const NEVER_ON_LAMBDA =
  /^(@aws-sdk\/credential-provider-(ini|login|process|sso|web-identity)|@smithy\/credential-provider-imds|bowser)$/;

/** Loaded only where the environment holds no credentials: then it says so, and it is a quarter of the zip. */
const neverOnLambda: Plugin = {
  name: 'never-on-lambda',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: NEVER_ON_LAMBDA }, ({ path }) => ({ path, namespace: 'never' }));
    onLoad({ filter: /./, namespace: 'never' }, ({ path }) => ({
      contents: `throw new Error('no AWS credentials in the environment (${basename(path)} is not in this bundle)');`,
    }));
  },
};

/**
 * Bundles functions/`name`.ts into `parent`/`name`: index.mjs, the parts that it loads when they are first used, their maps
 * and flink-jobs.json, all that the zip holds. Gives that folder.
 */
export const bundle = async (name: string, manifest: Manifest, parent: string): Promise<string> => {
  const dir = join(parent, name);
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  const { outputFiles } = await build({
    entryPoints: { index: join(ROOT, 'functions', `${name}.ts`) },
    outdir: dir,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'part-[hash]',
    // What a cold start does not run, it should not have to read: credentials of other kinds, clients used later.
    splitting: true,
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: 'external',
    sourcesContent: false,
    banner: { js: BANNER },
    plugins: [noMapsOfPackages, requireBuiltins, noPolyfill, neverOnLambda],
    logLevel: 'error',
    write: false,
  });
  const maps = new Map(outputFiles.filter(({ path }) => path.endsWith('.map')).map(({ path, text }) => [path, text]));
  for (const { path, text } of outputFiles.filter((file) => !maps.has(file.path))) {
    const map = maps.get(`${path}.map`);
    // Of packages alone there is nothing to map, and each file more costs a cold start.
    const mapped = map !== undefined && sourcesOf(map).some((source) => source.endsWith('.ts'));
    if (mapped) await writeFile(`${path}.map`, byLine(map));
    await writeFile(path, mapped ? `${text}//# sourceMappingURL=${basename(path)}.map\n` : text);
  }
  await writeFile(join(dir, 'flink-jobs.json'), JSON.stringify(manifest));
  return dir;
};

/** Traces name lines: of each line its first position is enough, and the others are a fifth of the zip. */
const byLine = (text: string): string => {
  const map = JSON.parse(text) as { mappings: string };
  const lines = decode(map.mappings).map((segments) =>
    segments.filter(([, source, line], index) => {
      const [, before, lineBefore] = segments[index - 1] ?? [];
      return source !== before || line !== lineBefore;
    }),
  );
  return JSON.stringify({ ...map, mappings: encode(lines) });
};

const sourcesOf = (map: string): readonly string[] => (JSON.parse(map) as { sources: string[] }).sources;
