import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { jarFile, jarSha256, readJarNote, sourceSha256 } from '../../examples/realtime-data-pipeline/build.ts';

describe('the sample job’s jar', () => {
  const note = readJarNote();

  test('was built from the sources beside it', () => {
    expect(sourceSha256(), 'sources changed: build the jar again (see its README)').toBe(note.sourceSha256);
  });

  test('is the one that its note speaks of', () => {
    expect(jarSha256()).toBe(note.jarSha256);
  });

  test('holds the main class, dated the same on every machine', () => {
    const jar = readFileSync(jarFile);
    expect(jar.includes('Main-Class: com.realtime.pipeline.FlinkCDC3App\r\n')).toBe(true);
    expect(jar.includes('com/realtime/pipeline/FlinkCDC3App.class')).toBe(true);
    // The first local header's DOS time and date: midnight, the first of January 2024.
    expect([jar.readUInt16LE(10), jar.readUInt16LE(12)]).toEqual([0, ((2024 - 1980) << 9) | (1 << 5) | 1]);
  });
});

describe('the hash of the sources', () => {
  const dir = mkdtempSync(join(tmpdir(), 'sample-job-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const hashOf = (files: Record<string, string>): string => {
    const own = mkdtempSync(join(dir, 'src-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(own, name), text);
    return sourceSha256(own);
  };

  test('changes with a file’s content, its name, and an added file', () => {
    const base = hashOf({ 'A.java': 'a', 'B.java': 'b' });
    expect(hashOf({ 'B.java': 'b', 'A.java': 'a' })).toBe(base);
    expect(hashOf({ 'A.java': 'a', 'B.java': 'c' })).not.toBe(base);
    expect(hashOf({ 'A.java': 'a', 'C.java': 'b' })).not.toBe(base);
    expect(hashOf({ 'A.java': 'a', 'B.java': 'b', 'C.java': '' })).not.toBe(base);
  });
});
