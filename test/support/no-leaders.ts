import type { Leaders } from '../../lib/ports.ts';

/** For worlds whose clusters have no `leader` in the manifest: nobody asks. */
export const NO_LEADERS: Leaders = {
  look: () => {
    throw new Error('no cluster here has a leader');
  },
};
