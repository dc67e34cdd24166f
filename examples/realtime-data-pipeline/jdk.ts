import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs a tool of the JDK on the PATH and answers its stdout; what it says on failure becomes the error's message. */
export const runTool = async (
  tool: 'javac' | 'jar' | 'javap',
  args: readonly string[],
  cwd?: string,
): Promise<string> => {
  try {
    const { stdout } = await run(tool, [...args], { ...(cwd === undefined ? {} : { cwd }), maxBuffer: outputBytesMax });
    return stdout;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Error(`${tool} failed: ${said === '' ? String(error) : said}`, { cause: error });
  }
};

/** The release of the javac on the PATH, such as 17; undefined where there is none that works. */
export const javacMajor = async (): Promise<number | undefined> => {
  const version = await runTool('javac', ['-version']).catch(() => '');
  const major = /^javac (\d+)/m.exec(version)?.[1];
  return major === undefined ? undefined : Number(major);
};

/** javap over all classes of the job prints about 30 KB. */
const outputBytesMax = 16 * 1024 * 1024;
