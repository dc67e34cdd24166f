#!/usr/bin/env node
// Plain JavaScript that any Node reads: the rest is TypeScript, which older ones cannot run.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  const { main } = await import('./main.ts');
  process.exitCode = await main();
} else {
  console.error(
    `flink-autopilot needs Node 22.18 or newer, and this is ${process.version}: after npm ci in its folder, npx flink-autopilot brings its own.`,
  );
  process.exitCode = 2;
}
