import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from '../../../lib/core/model.ts';
import type { Shell } from '../../../serverless/environment/shell.ts';
import { readManifest } from '../../../serverless/read-manifest.ts';

/** What a deploy makes of a manifest (`undefined`: there is no file) in a shell: the manifest and what is said, or the problems. */
export const deploying = async (text: string | undefined, shell: Shell): Promise<Deployed> => {
  const dir = mkdtempSync(join(tmpdir(), 'autopilot-deploying-'));
  const said: string[] = [];
  try {
    if (text !== undefined) writeFileSync(join(dir, 'flink-jobs.yml'), text);
    const manifest = await readManifest(dir, undefined, 'autopilot-test', { shell, say: (line) => said.push(line) });
    return { manifest, said, problems: [] };
  } catch (error) {
    const [, ...lines] = error instanceof Error ? error.message.split('\n') : [];
    return { manifest: { namespace: '', clusters: [] }, said, problems: lines.map((line) => line.trim()) };
  } finally {
    rmSync(dir, { recursive: true });
  }
};

type Deployed = { readonly manifest: Manifest; readonly said: readonly string[]; readonly problems: readonly string[] };
