import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Item, readLease, readLogEntry, readMemory } from '../../../lib/adapters/dynamo-items.ts';
import { parseManifest } from '../../../lib/config.ts';
import type { Incident } from '../../../lib/core/model.ts';
import { identify } from '../../../lib/identify.ts';
import { reconcile } from '../../../lib/reconcile.ts';
import { aTask, jm } from '../../support/builders.ts';
import { createJobManager } from '../pass/fake-jobmanager.ts';
import { createWorld, jobManagerAt, portsOf } from '../pass/fake-ports.ts';

const MEMORIES = join(import.meta.dirname, '../../fixtures/memory');

/**
 * A table as that version left it, written by its own code: `orders` was lost once and lives as attempt 2, `clicks` was
 * lost and is held, `audit` waits for its jar.
 */
type Left = { readonly atMs: number; readonly manifest: unknown; readonly items: readonly Item[] };
const leftBy = (version: string): Left => JSON.parse(readFileSync(join(MEMORIES, `${version}.json`), 'utf8'));

const ofKind = ({ items }: Left, pk: string, sk = '') =>
  items.filter((item) => item.pk === pk && item.sk.startsWith(sk));
const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The world that version left behind: its memory, and the job that lives. */
const worldOf = async (left: Left) => {
  const memory = readMemory(ofKind(left, 'CLUSTER#realtime'));
  const log = ofKind(left, 'LOG#realtime').map(readLogEntry);
  const world = createWorld();
  const untilMs = left.atMs - 1;
  const lease = await world.store.acquire('realtime', { owner: 'earlier', nowMs: 0, untilMs }, 0);
  if (lease === undefined) throw new Error('no lease');
  await world.store.commit(lease, { ...memory, log }, untilMs, 0, 0);
  world.nowMs = left.atMs;
  world.tasks = [aTask(jm(2))];
  world.jobManagers.clear();
  world.jobManagers.set(jm(2).address, createJobManager(jm(2).process));
  const jobId = memory.jobs.orders?.attempts.at(-1)?.jobId ?? '';
  const lives = { jobId, name: 'com.example.Orders', state: 'RUNNING', tasksRunning: 2, tasksTotal: 2 };
  jobManagerAt(world, `http://${jm(2).address}:8081`).jobs.set(jobId, lives);
  const manifest = parseManifest(left.manifest, { namespace: 'flink-autopilot-dev', file: 'flink-jobs.yml' });
  const [cluster] = identify(manifest, sha256Hex);
  if (cluster === undefined) throw new Error('no cluster');
  return { world, cluster, memory, log, lives };
};

/** All of an incident but when it was last seen, and today's words for it. */
const told = ({ lastSeenMs: _, next: __, fix: ___, what: ____, ...incident }: Incident) => incident;

describe.each(readdirSync(MEMORIES).map((file) => file.replace('.json', '')))('what version %s wrote', (version) => {
  const left = leftBy(version);

  it('is read whole (F91)', () => {
    const { jobs, incidents, orders } = readMemory(ofKind(left, 'CLUSTER#realtime'));
    expect(jobs).toMatchObject({
      orders: {
        attempts: [
          { n: 1, end: { state: 'LOST' } },
          { n: 2, sightedOn: jm(2) },
        ],
      },
      clicks: { attempts: [{ n: 1, end: { state: 'LOST' } }] },
    });
    expect(incidents.map(({ key, state }) => [key, state])).toEqual([
      ['JAR_MISSING#audit', 'open'],
      ['STATE_REQUIRED#clicks', 'open'],
    ]);
    expect(orders).toEqual([]);
    expect(ofKind(left, 'CLUSTER#realtime', 'LEASE').map(readLease)).toMatchObject([
      { bell: 0, owner: expect.any(String) },
    ]);
    expect(ofKind(left, 'LOG#realtime').map(readLogEntry)).toHaveLength(6);
  });

  it('is of the same entries: an unchanged manifest is no drift', async () => {
    const { cluster, memory } = await worldOf(left);
    const [orders] = cluster.jobs;
    const made = memory.jobs.orders?.attempts.map(({ jobId, revision }) => [jobId.slice(0, 16), revision]);
    expect(made).toEqual(Array(2).fill([orders?.lineage, orders?.revision]));
  });

  it('makes the first look start, tell and rewrite nothing (F84, F91)', async () => {
    const { world, cluster, memory, log, lives } = await worldOf(left);
    await reconcile(portsOf(world), cluster, { untilMs: world.nowMs + 55_000, wait: false });
    expect([...jobManagerAt(world, `http://${jm(2).address}:8081`).jobs.values()]).toEqual([lives]);
    const { jobs, incidents } = world.store.memory('realtime');
    expect(jobs).toMatchObject(memory.jobs);
    expect(incidents.map(told)).toEqual(memory.incidents.map(told));
    expect(world.store.log('realtime')).toEqual(log);
    expect(world.alerts).toEqual([]);
    expect(
      world.lines.filter(({ message }) => message === 'pass').map(({ fields }) => [fields.job, fields.decision]),
    ).toEqual([
      ['orders', 'steady'],
      ['audit', 'wait'],
      ['clicks', 'hold'],
    ]);
  });
});
