import { describe, expect, test } from 'vitest';
import { Fault } from '../../../lib/core/errors.ts';
import { errors, flinkThat, json, URL } from '../../support/scripted-flink.ts';

describe('a jar', () => {
  const jar = { uri: 's3://bucket/jars/a b/re"äl.jar', version: '"1"', sizeBytes: 2 };

  test('is uploaded under a harmless name, and known by what Flink calls it', async () => {
    const { flink, sent } = flinkThat(json({ filename: '/tmp/flink-web-upload/uuid_re_l.jar', status: 'success' }));
    expect(await flink.upload({ url: URL }, jar, 0)).toBe('uuid_re_l.jar');
    expect(sent[0]?.file).toMatchObject({ name: 're_l.jar', sizeBytes: 2 });
  });

  test.each([
    ['s3://b/x.JAR', 'x.jar'],
    ['s3://b/値.jar', '_.jar'],
    [`s3://b/${'n'.repeat(300)}.jar`, `${'n'.repeat(150)}.jar`],
  ])('%s is called %s', async (uri, name) => {
    const { flink, sent } = flinkThat(json({ filename: '/x_y.jar' }));
    await flink.upload({ url: URL }, { ...jar, uri }, 0);
    expect(sent[0]?.file?.name).toBe(name);
  });

  test('that changed, or is empty, is not uploaded', async () => {
    const { flink, sent } = flinkThat(json({ filename: '/x_y.jar' }));
    await expect(flink.upload({ url: URL }, { ...jar, uri: 's3://b/changed.jar' }, 0)).rejects.toMatchObject({
      code: 'JAR_CHANGED',
    });
    await expect(flink.upload({ url: URL }, { ...jar, sizeBytes: 0 }, 0)).rejects.toMatchObject({ code: 'NOT_A_JAR' });
    expect(sent).toEqual([]);
  });

  test.each([
    [new Fault('unknown-outcome', 'HTTP_BROKEN', 'x'), 'transient', 'FLINK_UNREACHABLE'],
    [new Fault('transient', 'UPLOAD_INTERRUPTED', 'x'), 'transient', 'UPLOAD_INTERRUPTED'],
    [errors(400, 'POST request not allowed'), 'rejected', 'SUBMISSION_DISABLED'],
    [json({}), 'invalid', 'FLINK_UNREADABLE'],
  ] as const)('whose upload ends in %j: %s %s', async (answer, kind, code) => {
    await expect(flinkThat(answer).flink.upload({ url: URL }, jar, 0)).rejects.toMatchObject({ kind, code });
  });

  test('that is gone already is deleted; any other refusal is told', async () => {
    const gone = errors(
      400,
      'org.apache.flink.runtime.rest.handler.RestHandlerException: File x.jar does not exist in /tmp/flink-web-upload.\n\tat x',
    );
    await flinkThat(gone).flink.deleteJar({ url: URL }, 'x.jar', 0);
    const other = flinkThat(errors(400, 'File y.jar does not exist in /tmp')).flink.deleteJar({ url: URL }, 'x.jar', 0);
    await expect(other).rejects.toMatchObject({ code: 'FLINK_REFUSED' });
    const down = flinkThat(new Fault('unknown-outcome', 'HTTP_BROKEN', 'x')).flink.deleteJar({ url: URL }, 'x.jar', 0);
    await expect(down).rejects.toMatchObject({ kind: 'transient' });
  });
});
