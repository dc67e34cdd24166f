import { writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/**
 * On a busy machine the watch and the watched come first: gives a process (0: the own thread) all the preference that the
 * kernel lets us give. Where that is not allowed nothing happens: a gap that comes of it fails the test, as it should.
 */
export const prefer = (pid: number): void => setNiceness(pid, -20);

/**
 * Where nobody may be preferred: lets a process, and what it starts from now on, come after the others, which is allowed
 * to everybody. Not elsewhere: beside other work of the machine it would not get to answer within its own deadlines.
 */
export const defer = (pid: number): void => {
  if (!mayPrefer()) setNiceness(pid, 10);
};

const mayPrefer = (): boolean => {
  const own = getPriority();
  try {
    setPriority(own - 1);
    setPriority(own);
    return true;
  } catch {
    return false;
  }
};

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
