import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseManifest } from '../../lib/config.ts';
import { Fault } from '../../lib/core/errors.ts';

const RUNS = { numRuns: 1_000 };
const defaults = { namespace: 'autopilot-test', file: 'flink-jobs.yml' };

const secret = fc.constantFrom('\x24{ssm:/flink/token}', '\x24{secret:flink/rest#key}', '\x24{secret:flink}');
const text = fc.oneof(fc.string(), secret).map((value) => value.replace(/\$\{(?!ssm:|secret:)/g, '$$$${'));
const mode = fc.constantFrom('run', 'watch', 'dry-run');
const auth = fc.oneof(
  fc.constant({ kind: 'none' }),
  fc.record({ kind: fc.constant('basic'), username: fc.constant('u'), password: secret }),
  fc.record({ kind: fc.constant('bearer'), token: secret }),
  fc.record({ kind: fc.constant('mutual'), certificate: fc.constant('PEM'), key: secret }),
);
const tls = fc.oneof(
  fc.constant(true),
  fc.record({ serverName: fc.constant('flink'), ca: secret }, { requiredKeys: [] }),
);

const job = fc.record(
  {
    jar: fc.constantFrom('s3://bucket/a b/c.jar', 'image:a.jar'),
    mainClass: fc.constant('a.B$C'),
    args: fc.array(text, { maxLength: 4 }),
    parallelism: fc.integer({ min: 1, max: 32_768 }),
    slots: fc.integer({ min: 1, max: 32_768 }),
    flinkConfiguration: fc.dictionary(fc.constantFrom('a.b', 'c.d'), fc.oneof(text, fc.boolean(), fc.integer())),
    flinkName: fc.constant('A job'),
    state: fc.constant('none'),
    bounded: fc.boolean(),
    after: fc.constant([]),
    priority: fc.integer({ min: -1_000, max: 1_000 }),
    mode,
    enabled: fc.boolean(),
  },
  { requiredKeys: ['jar'] },
);
const jobs = fc.array(job, { maxLength: 3 }).map((all) => all.map((one, i) => ({ name: `job-${i}`, ...one })));
const common = {
  auth,
  mode,
  modeBecause: fc.constant('AUTO_SUBMIT_JOB=false'),
  submitAfterSeconds: fc.integer({ min: 0, max: 3_600 }),
  jobs,
};
const onEcs = fc.record(
  {
    ecsCluster: fc.constant('ecs'),
    jobManagers: fc.constantFrom(['jm-a'], ['jm-a', 'jm-b']),
    taskManagers: fc.constantFrom([], ['tm']),
    restPort: fc.integer({ min: 1, max: 65_535 }),
    ...common,
    tls,
  },
  { requiredKeys: ['ecsCluster', 'jobManagers', 'jobs', 'tls'] },
);
const atUrl = fc.record(
  { url: fc.constantFrom('https://flink:8443', 'https://[::1]'), tls, ...common },
  { requiredKeys: ['url', 'jobs'] },
);
const webhook = fc.record(
  {
    url: fc.constantFrom('https://host/hook?token=\x24{secret:chat#token}', '\x24{ssm:/chat/url}'),
    format: fc.constantFrom('generic', 'feishu', 'dingtalk'),
    secret,
  },
  { requiredKeys: ['url'] },
);
const inTheOpen = fc.record({ url: fc.constant('http://127.0.0.1:8080') });
const webhooks = fc
  .array(fc.oneof(webhook, inTheOpen), { maxLength: 5 })
  .map((all) => all.map((one, i) => ({ name: `team-${i}`, ...one })));
const alerts = fc.record(
  {
    runbookUrl: fc.constant('https://git.example.com/runbook'),
    remindEvery: fc.constantFrom('1h', '24h', '7d'),
    webhooks,
  },
  { requiredKeys: [] },
);
const manifest = fc.tuple(fc.oneof(onEcs, atUrl), fc.option(alerts, { nil: undefined })).map(([cluster, said]) => ({
  clusters: [{ name: 'c', ...cluster }],
  ...(said === undefined ? {} : { alerts: said }),
}));

it('a parsed manifest is unchanged by being parsed again, as at every cold start', () => {
  fc.assert(
    fc.property(manifest, (input) => {
      const once = parseManifest(input, defaults);
      expect(parseManifest(JSON.parse(JSON.stringify(once)), { ...defaults, namespace: 'other' })).toEqual(once);
    }),
    RUNS,
  );
});

it('whatever is given, it is a manifest or one refusal of bounded length', () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.record({ clusters: fc.array(fc.oneof(fc.jsonValue(), fc.record({ jobs: fc.array(fc.jsonValue()) }))) }),
  );
  fc.assert(
    fc.property(anything, (input) => {
      try {
        parseManifest(input, defaults);
      } catch (fault) {
        expect(fault).toBeInstanceOf(Fault);
        expect(fault).toMatchObject({ kind: 'invalid', code: 'MANIFEST_INVALID' });
        expect(fault instanceof Fault && fault.message.length).toBeLessThan(102 * 1_000);
      }
    }),
    RUNS,
  );
});
