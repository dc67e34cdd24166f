import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { classDifferences } from './class-differences.ts';
import { javacMajor, runTool } from './jdk.ts';

const here = import.meta.dirname;

/** The job's jar as committed, and the note of what it was made from. */
export const jarFile = join(here, 'realtime-data-pipeline.jar');
/** What `jar.json` says about the jar; hashes are SHA-256 in hex. */
export type JarNote = {
  sourceSha256: string;
  jarSha256: string;
  flinkVersion: string;
  javaRelease: number;
  javacMajor: number;
};

/** The note beside the jar. */
export const readJarNote = (): JarNote => JSON.parse(readFileSync(noteFile, 'utf8'));

/** SHA-256 over the names and contents of all Java sources, in the order of their names. */
export const sourceSha256 = (dir = sourceDir): string => {
  const hash = createHash('sha256');
  for (const file of filesBelow(dir, '.java'))
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(dir, file)))
      .update('\0');
  return hash.digest('hex');
};

/** SHA-256 of the committed jar. */
export const jarSha256 = (): string => createHash('sha256').update(readFileSync(jarFile)).digest('hex');

/** Compiles the sources against the jars of a Flink `lib/` folder and writes the jar and its note. Needs a JDK 17 or newer. */
export const build = async (flinkLib: string): Promise<JarNote> =>
  inTemporaryDir(async (dir) => {
    const major = await javacMajor();
    if (major === undefined || major < 17)
      throw new Error(`building needs a JDK 17 or newer (its jar tool sets the dates), found ${major ?? 'none'}`);
    const flinkVersion = await compile(flinkLib, dir);
    mkdirSync(join(dir, 'META-INF'));
    writeFileSync(join(dir, 'META-INF/MANIFEST.MF'), `Manifest-Version: 1.0\r\nMain-Class: ${mainClass}\r\n\r\n`);
    // Stored in a fixed order under a fixed date: the same classes give the same bytes with any zlib.
    const entries = ['META-INF/MANIFEST.MF', ...filesBelow(dir, '.class')].flatMap((file) => ['-C', dir, file]);
    await runTool('jar', [
      '--create',
      '--file',
      jarFile,
      '--no-manifest',
      '--no-compress',
      '--date=2024-01-01T00:00:00Z',
      ...entries,
    ]);
    const note = { sourceSha256: sourceSha256(), jarSha256: jarSha256(), flinkVersion, javaRelease, javacMajor: major };
    writeFileSync(noteFile, `${JSON.stringify(note, null, 2)}\n`);
    return note;
  });

/**
 * Recompiles the sources and compares with the committed jar, class by class: byte for byte where the same javac release
 * made the jar, else by members and by what each class refers to, since another javac orders and inlines differently.
 */
export const checkAgainstRecompiled = async (flinkLib: string): Promise<'same' | 'no JDK' | { differs: string[] }> => {
  const major = await javacMajor();
  if (major === undefined || major < javaRelease) return 'no JDK';
  return inTemporaryDir(async (dir) => {
    const [committed, recompiled] = [join(dir, 'committed'), join(dir, 'recompiled')];
    for (const each of [committed, recompiled]) mkdirSync(each);
    await runTool('jar', ['--extract', '--file', jarFile], committed);
    await compile(flinkLib, recompiled);
    const differs = await classDifferences(
      committed,
      recompiled,
      major === readJarNote().javacMajor ? 'bytes' : 'shape',
    );
    return differs.length === 0 ? 'same' : { differs };
  });
};

const noteFile = join(here, 'jar.json');
const sourceDir = join(here, 'src');
const mainClass = 'com.realtime.pipeline.FlinkCDC3App';
const javaRelease = 11;

/** Into `dir`; answers the version of the Flink compiled against. */
const compile = async (flinkLib: string, dir: string): Promise<string> => {
  const jars = readdirSync(flinkLib);
  const version = jars.map((name) => /^flink-dist-(.+)\.jar$/.exec(name)?.[1]).find((found) => found !== undefined);
  if (version === undefined)
    throw new Error(`${flinkLib} holds no flink-dist-*.jar: --flink-lib should be the lib folder of a Flink`);
  const classPath = ['flink-dist', 'flink-connector-files']
    .map((name) => join(flinkLib, `${name}-${version}.jar`))
    .join(':');
  const files = filesBelow(sourceDir, '.java').map((file) => join(sourceDir, file));
  await runTool('javac', [
    '--release',
    String(javaRelease),
    '-g:source,lines',
    '-encoding',
    'UTF-8',
    '-cp',
    classPath,
    '-d',
    dir,
    ...files,
  ]);
  return version;
};

const filesBelow = (dir: string, ending: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .sort();

const inTemporaryDir = async <T>(work: (dir: string) => Promise<T>): Promise<T> => {
  mkdirSync(join(here, '.build'), { recursive: true });
  const dir = mkdtempSync(join(here, '.build', 'jar-'));
  try {
    return await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: { 'flink-lib': { type: 'string' }, check: { type: 'boolean', default: false } },
  });
  const flinkLib = values['flink-lib'];
  if (flinkLib === undefined) throw new Error('usage: node build.ts --flink-lib DIR [--check]');
  if (!values.check) return console.log(JSON.stringify(await build(flinkLib)));
  const result = await checkAgainstRecompiled(flinkLib);
  if (typeof result === 'object') throw new Error(`the jar is not what its sources give: ${result.differs.join(', ')}`);
  console.log(result);
};

if (import.meta.main) {
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
