// Imports the module that it is told, as Lambda's runtime does, and says when that was done and what CPU the process took.
await import(process.argv[2]);
const importedAtMs = performance.timeOrigin + performance.now();
const { userCPUTime, systemCPUTime } = process.resourceUsage();
console.log(JSON.stringify({ importedAtMs, cpuMs: (userCPUTime + systemCPUTime) / 1_000 }));
process.exit();
