import { createServer } from 'node:net';

/** A name held until `release` or the end of this process, however it ends. */
export type Reservation = { release(): Promise<void> };

/**
 * Reserves a name for this process; undefined while another one holds it. The kernel keeps it as an abstract Unix socket
 * (Linux), so nothing stale can be left behind; its scope is the network namespace, the same as of loopback addresses.
 */
export const reserve = (name: string): Promise<Reservation | undefined> =>
  new Promise((resolve, reject) => {
    const holder = createServer((visitor) => visitor.destroy());
    holder.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    holder.listen(`\0flink-autopilot:${name}`, () => {
      holder.unref();
      resolve({ release: () => new Promise((released) => holder.close(() => released())) });
    });
  });

/** As `reserve`, but waits for the other one; `onWait` is called when waiting begins and when it is over. */
export const reserveWaiting = async (name: string, onWait: (over: boolean) => void): Promise<Reservation> => {
  const first = await reserve(name);
  if (first !== undefined) return first;
  onWait(false);
  const deadline = Date.now() + WAIT_MAX_MS;
  while (Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const held = await reserve(name);
    if (held === undefined) continue;
    onWait(true);
    return held;
  }
  throw new Error(`another process has held "${name}" for ${WAIT_MAX_MS / 60_000} minutes`);
};

// A download of 232 MB over a slow line, once.
const WAIT_MAX_MS = 60 * 60_000;

/** Reserves a /24 of loopback addresses that no other world on this machine uses, as '127.A.B'. */
export const reserveSubnet = async (): Promise<{ subnet: string } & Reservation> => {
  const start = Math.floor(Math.random() * SUBNETS);
  for (let offset = 0; offset < SUBNETS; offset++) {
    const number = (start + offset) % SUBNETS;
    const subnet = `127.${64 + (number >> 8)}.${number & 255}`;
    const held = await reserve(`subnet ${subnet}`);
    if (held !== undefined) return { subnet, ...held };
  }
  throw new Error('every local subnet is in use');
};

// 127.64.0.0 to 127.127.255.0: clear of 127.0.0.0/16, where other software of the machine listens.
const SUBNETS = 64 * 256;

/**
 * Finds a port of the host that is free and that no other world is about to use. It lies below the kernel's ephemeral
 * range, so that no outgoing connection takes it meanwhile.
 */
export const reservePort = async (host: string): Promise<{ port: number } & Reservation> => {
  for (let tries = 0; tries < 200; tries++) {
    const port = 14_000 + Math.floor(Math.random() * 16_000);
    const held = await reserve(`port ${host}:${port}`);
    if (held === undefined) continue;
    if (await isFree(host, port)) return { port, ...held };
    await held.release();
  }
  throw new Error(`no free port on ${host}`);
};

const isFree = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
