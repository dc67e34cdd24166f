/** Hands out .2 … .254 of a /24 in turn, so that an address comes back as late as possible and never while it is in use. */
export const createAddresses = (subnet: string): Addresses => {
  if (!/^127(\.\d{1,3}){2}$/.test(subnet))
    throw new Error(`subnet must look like 127.83.12, not ${JSON.stringify(subnet)}`);
  const inUse = new Set<number>();
  let last = firstHost - 1;
  return {
    take: () => {
      for (let step = 1; step <= hosts; step++) {
        const host = firstHost + ((last - firstHost + step) % hosts);
        if (inUse.has(host)) continue;
        inUse.add(host);
        last = host;
        return `${subnet}.${host}`;
      }
      return undefined;
    },
    release: (address) => void inUse.delete(Number(address.split('.').at(-1))),
  };
};

/** The addresses of one subnet. */
export type Addresses = {
  /** A free address, or undefined when all are in use. */
  take(): string | undefined;
  release(address: string): void;
};

const firstHost = 2; // .1 is left to the world's own servers.
const hosts = 253;
