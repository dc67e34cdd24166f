import { describe, expect, test } from 'vitest';
import { misfits } from '../../e2e/fidelity/model/check.ts';
import { decode } from '../../e2e/fidelity/model/decode.ts';
import { callOf, models } from './calls.ts';

describe('a request and the model of its service', () => {
  test.each<[string, object, string[]]>([
    ['fits', { Name: 'abc', Names: ['abc'], Count: 10, Tags: { abc: { Text: 'abcd' } } }, []],
    ['has a member that the model does not know', { Name: 'abc', Colour: 'red' }, ['.Colour: unknown member']],
    ['lacks a required member', { Count: 1 }, ['.Name: required']],
    ['has a number where text belongs', { Name: 5 }, ['.Name: should be a string']],
    ['has text where a number belongs', { Name: 'abc', Count: '5' }, ['.Count: should be a whole number']],
    ['has null where a switch belongs', { Name: 'abc', Flag: null }, ['.Flag: should be true or false']],
    ['has a text that is too short', { Name: 'ab' }, ['.Name: length: 2 is less than 3']],
    ['has a text that is too long', { Name: 'abcdefghi' }, ['.Name: length: 9 is more than 8']],
    ['has a number that is too large', { Name: 'abc', Count: 11 }, ['.Count: 11 is more than 10']],
    ['has letters that the pattern refuses', { Name: 'ABC' }, ['.Name: "ABC" does not match [a-z]+']],
    ['has a word that is none of the list', { Name: 'abc', Kind: 'SOME' }, ['.Kind: "SOME" is not one of ALL, NONE']],
    ['has bytes that are not Base64', { Name: 'abc', Bytes: 'é' }, ['.Bytes: should be bytes in Base64']],
    ['has a list that is none', { Name: 'abc', Names: 'abc' }, ['.Names: should be a list']],
    [
      'has too many elements, one of them wrong',
      { Name: 'abc', Names: ['abc', 'abc', 'x'] },
      ['.Names: elements: 3 is more than 2', '.Names[2]: length: 1 is less than 3'].map((line) =>
        line.replace('undefined', '-Infinity'),
      ),
    ],
    [
      'has two members of which one is right',
      { Name: 'abc', Either: { A: true, B: true } },
      ['.Either: should have one member, not 2'],
    ],
    [
      'is wrong deep inside',
      { Name: 'abc', Tags: { abc: { Txt: 'abc' } } },
      ['.Tags{abc}.Text: required', '.Tags{abc}.Txt: unknown member'],
    ],
  ])('that %s', (_what, input, expected) => {
    expect(misfits(models, { service: 'made', operation: 'Put', input, status: 200 })).toEqual(expected);
  });

  test('an operation that the service does not have', () => {
    const call = callOf({ service: 'made', headers: { 'x-amz-target': 'Made_1.Pull' }, body: '{}' });
    expect(() => decode(models, call)).toThrow('made has no operation Pull');
  });

  test('a service that nobody knows', () => {
    expect(() => decode(models, callOf({ service: 'unknown' }))).toThrow('no service of AWS signs as "unknown"');
  });
});

describe('what a request says', () => {
  test('in JSON', () => {
    const call = callOf({ service: 'made', headers: { 'x-amz-target': 'Made_1.Put' }, body: '{"Name":"abc"}' });
    expect(decode(models, call)).toEqual({
      service: 'made',
      operation: 'Put',
      input: { Name: 'abc' },
      status: 200,
    });
  });

  test('in a form: lists and maps by number, numbers and switches as such, unknown names kept', () => {
    const body = new URLSearchParams({
      Action: 'Put',
      Version: '1',
      Name: 'abc',
      Count: '7',
      Flag: 'true',
      'Names.member.1': 'one',
      'Names.member.2': 'two',
      'Tags.entry.1.Name': 'abc',
      'Tags.entry.1.Value.Text': 'text',
      'Colour.Shade': 'dark',
    });
    expect(decode(models, callOf({ service: 'form', body: String(body) })).input).toEqual({
      Name: 'abc',
      Count: 7,
      Flag: true,
      Names: ['one', 'two'],
      Tags: { abc: { Text: 'text' } },
      Colour: { Shade: 'dark' },
    });
  });

  test('in XML: lists with and without an element of their own, escaped letters, unknown names kept', () => {
    const body =
      '<?xml version="1.0"?><Delete xmlns="http://s3/"><Object><Key>a&amp;b&#x20;c</Key></Object><Object><Key>d</Key></Object>' +
      '<Reasons><member>old</member><member>older</member></Reasons><Quiet>true</Quiet><Colour>red</Colour><Empty/></Delete>';
    const { operation, input } = decode(models, callOf({ service: 's3', url: '/b?delete', body }));
    expect([operation, input]).toEqual([
      'DeleteObjects',
      {
        Bucket: 'b',
        Delete: {
          Objects: [{ Key: 'a&b c' }, { Key: 'd' }],
          Reasons: ['old', 'older'],
          Quiet: true,
          Colour: 'red',
          Empty: '',
        },
      },
    ]);
  });

  test('a checksum of the body belongs to an operation that takes one, and to no other', () => {
    const headers = { host: 'h', 'x-amz-checksum-crc32': 'AAAAAA==' };
    const body = '<Delete><Object><Key>a</Key></Object></Delete>';
    const { input } = decode(models, callOf({ service: 's3', url: '/b?delete', headers, body }));
    expect(input).toEqual({ Bucket: 'b', Delete: { Objects: [{ Key: 'a' }] } });
    expect(getOf('/b/k', headers).input).toMatchObject({ 'x-amz-checksum-crc32': 'AAAAAA==' });
  });

  const getOf = (url: string, headers = {}) =>
    decode(
      models,
      callOf({ service: 's3', method: 'GET', url, headers: { host: 'h', 'x-amz-date': 'd', ...headers } }),
    );

  test.each<[string, ReturnType<typeof getOf>, string, object]>([
    ['a path', getOf('/b/jars/a%20b.jar'), 'GetObject', { Bucket: 'b', Key: 'jars/a b.jar' }],
    [
      'a query',
      getOf('/b/k?versionId=1&partNumber=2'),
      'GetObject',
      {
        Bucket: 'b',
        Key: 'k',
        VersionId: '1',
        PartNumber: 2,
      },
    ],
    ['a header', getOf('/b/k', { 'if-match': '"e"' }), 'GetObject', { Bucket: 'b', Key: 'k', IfMatch: '"e"' }],
    ['the fixed part of a query', getOf('/b/k?tagging'), 'GetTagging', { Bucket: 'b', Key: 'k' }],
    ['a name that is none of it', getOf('/b/k?colour=red'), 'GetObject', { Bucket: 'b', Key: 'k', colour: 'red' }],
  ])('in %s', (_where, { operation, input }, expectedOperation, expected) => {
    expect(operation).toBe(expectedOperation);
    expect(input).toEqual(expected);
  });
});
