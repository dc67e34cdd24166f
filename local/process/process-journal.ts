import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isAlive, type ProcessRecord, parseProcessRecord, thisProcess } from './process-identity.ts';

/**
 * Takes over a journal of processes: its first line names the owner, each further line a process group that the owner
 * started. Groups of an owner that is gone are killed, recognised by id and start time. Throws while the owner lives.
 */
export const claimJournal = (file: string): void => {
  const records = existsSync(file) ? readFileSync(file, 'utf8').split('\n').map(parseProcessRecord) : [];
  const [owner, ...groups] = records;
  if (owner !== undefined && owner.pid !== process.pid && isAlive(owner)) {
    throw new Error(`${file} belongs to process ${owner.pid}, which is still running`);
  }
  for (const group of groups) if (group !== undefined) sweep(group);
  writeFileSync(file, `${JSON.stringify(thisProcess())}\n`);
};

const sweep = (group: ProcessRecord): void => {
  if (!isAlive(group)) return;
  try {
    process.kill(-group.pid, 'SIGKILL');
  } catch {
    // It ended between the look and the kill.
  }
};
