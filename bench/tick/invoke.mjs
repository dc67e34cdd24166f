// One invocation as Lambda makes it in a new process: imports the packaged function, calls its handler once, and writes what
// that cost into a file. The clock may go so much ahead: a benchmark cannot wait for the minutes between looks.
import { readFileSync, writeFileSync } from 'node:fs';

const [file, out, aheadMs, limitMs] = process.argv.slice(2);
const now = Date.now;
Date.now = () => now() + Number(aheadMs);
const { handler } = await import(file);
const importedMs = performance.now();
await handler({}, { getRemainingTimeInMillis: () => importedMs + Number(limitMs) - performance.now() });
const endedMs = performance.now();
const heapMb = process.memoryUsage().heapUsed / 2 ** 20;
const [, peakKb] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
const { userCPUTime, systemCPUTime } = process.resourceUsage();
const cpuMs = (userCPUTime + systemCPUTime) / 1_000;
writeFileSync(
  out,
  JSON.stringify({ importedMs, handlerMs: endedMs - importedMs, peakMb: Number(peakKb) / 1_024, heapMb, cpuMs }),
);
process.exit();
