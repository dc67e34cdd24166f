import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/**
 * On a busy machine the watch and the watched come first: gives a process (0: the own thread) all the preference that the
 * kernel lets us give. Where that is not allowed nothing happens: a gap that comes of it fails the test, as it should.
 */
export const prefer = (pid: number): void => {
  attempt(() => setPriority(pid, HIGHEST));
  // Where the kernel shares the processor between sessions first (sched_autogroup), a priority counts inside one only.
  attempt(() => writeFileSync(`/proc/${pid === 0 ? 'self' : pid}/autogroup`, String(HIGHEST)));
};

const HIGHEST = -20;

const attempt = (work: () => void): void => {
  try {
    work();
  } catch {
    // Not allowed, no such file on this kernel, or the process has ended already.
  }
};
