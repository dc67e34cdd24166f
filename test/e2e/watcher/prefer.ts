import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/**
 * On a busy machine the watch and the watched come first: gives a process (0: the own thread) all the preference that the
 * kernel lets us give. Where that is not allowed nothing happens: a gap that comes of it fails the test, as it should.
 */
export const prefer = (pid: number): void => setNiceness(pid, -20);

/** Lets a process, and what it starts from now on, come after the others. That is allowed to everybody. */
export const defer = (pid: number): void => setNiceness(pid, 10);

const setNiceness = (pid: number, niceness: number): void => {
  attempt(() => setPriority(pid, niceness));
  // Where the kernel shares the processor between sessions first (sched_autogroup), a priority counts inside one only.
  attempt(() => writeFileSync(`/proc/${pid === 0 ? 'self' : pid}/autogroup`, String(niceness)));
};

const attempt = (work: () => void): void => {
  try {
    work();
  } catch {
    // Not allowed, no such file on this kernel, or the process has ended already.
  }
};
