import { describe, expect, it } from 'vitest';
import { act } from '../../../lib/act.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { Effect } from '../../../lib/core/model.ts';
import { effectMs } from '../../../lib/pass.ts';
import type { Secrets } from '../../../lib/ports.ts';
import { aCluster, anAttempt, aPost, idOf, t0 } from '../../support/builders.ts';
import { createFakeSecrets } from '../../support/fake-secrets.ts';
import { type Broken, createWorld, jobManagerAt, portsOf } from './fake-ports.ts';

const runOf = (job: string, secret: string): Effect => {
  const post = aPost();
  const attempt = anAttempt(1, { jobId: idOf(1, job), posts: [post] });
  const spec = { ...attempt.spec, args: ['--password', secret], flinkConfiguration: { 'my.key': secret, plain: 'x' } };
  return { kind: 'run', job, attempt: { ...attempt, spec }, post };
};

const secrets = createFakeSecrets({ '${ssm:/password}': 's3cr3t' });

const acted = async (effects: readonly Effect[], broken: Broken = {}) => {
  const world = createWorld();
  const sent: unknown[] = [];
  const flink: Broken['flink'] = {
    run: async (_, __, request) => void sent.push(request),
    ...broken.flink,
  };
  const outcomes = await act(portsOf(world, { secrets, ...broken, flink }), aCluster(), effects);
  return { outcomes, sent, lines: JSON.stringify(world.lines), jars: world.jobManagers };
};

describe('a submission with secrets', () => {
  it('sends the values to Flink and to nobody else', async () => {
    const { outcomes, sent, lines } = await acted([runOf('a', '${ssm:/password}')]);
    expect(sent).toMatchObject([
      { args: ['--password', 's3cr3t'], flinkConfiguration: { 'my.key': 's3cr3t', plain: 'x' } },
    ]);
    expect(`${JSON.stringify(outcomes)}${lines}`).not.toContain('s3cr3t');
  });

  it('whose secret cannot be read is not sent, uploads nothing, and holds up no other', async () => {
    const uploads: string[] = [];
    const { outcomes, sent } = await acted([runOf('a', '${ssm:/none}'), runOf('b', '${ssm:/password}')], {
      flink: {
        upload: async (_, { uri }) => {
          uploads.push(uri);
          return 'a.jar';
        },
      },
    });
    expect(outcomes).toMatchObject([
      { job: 'a', answer: 'not-sent', refusal: { code: 'SECRET_MISSING', text: '${ssm:/none}: there is none' } },
      { job: 'b', answer: 'accepted' },
    ]);
    expect([sent.length, uploads.length]).toEqual([1, 1]);
  });

  it('has one time for secrets, upload and process, and all calls together end within an effect (I9)', async () => {
    const world = createWorld();
    // Each call answers at the last moment it was given.
    const at = (deadlineMs: number): void => {
      world.nowMs = Math.max(world.nowMs, deadlineMs);
    };
    const asked: string[] = [];
    let postedMs = 0;
    const flink: Broken['flink'] = {
      upload: async (_, __, deadlineMs) => {
        asked.push('upload');
        at(deadlineMs);
        return 'a.jar';
      },
      identity: async (_, deadlineMs) => {
        asked.push('identity');
        at(deadlineMs);
        return jobManagerAt(world).identity;
      },
      run: async (_, __, ___, deadlineMs) => {
        asked.push('run');
        postedMs = world.nowMs;
        at(deadlineMs);
      },
      deleteJar: async (_, __, deadlineMs) => {
        asked.push('deleteJar');
        at(deadlineMs);
      },
    };
    const resolve: Secrets['resolve'] = async (text, deadlineMs) => {
      at(deadlineMs);
      return text;
    };
    await act(portsOf(world, { secrets: { resolve }, flink }), aCluster(), [runOf('a', '${ssm:/password}')]);
    expect(asked).toEqual(['upload', 'identity', 'run', 'deleteJar']);
    expect(postedMs - t0).toBe(defaults.uploadCallMs);
    expect(world.nowMs - t0).toBe(effectMs - defaults.effectMarginMs);
  });

  it('leaves nothing when all that share its jar cannot read theirs', async () => {
    const { outcomes } = await acted([runOf('a', '${ssm:/none}'), runOf('b', '${ssm:/none}')]);
    expect(outcomes.map(({ answer }) => answer)).toEqual(['not-sent', 'not-sent']);
  });

  it.each(['FLINK_DENIED', 'FLINK_TLS', 'SECRET_MISSING', 'SECRET_DENIED'])(
    'that ends in %s between us and Flink is no refusal of the job',
    async (code) => {
      const run = () => Promise.reject(new Fault('rejected', code, code));
      const { outcomes } = await acted([runOf('a', 'x')], { flink: { run } });
      expect(outcomes).toMatchObject([{ answer: 'not-sent', refusal: { code } }]);
    },
  );
});
