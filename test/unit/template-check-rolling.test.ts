import { describe, expect, it } from 'vitest';
import { fingerprintOf, lostBy } from '../support/template-rolling.ts';

const topic = (name?: string) => ({
  Type: 'AWS::SNS::Topic',
  Properties: { DisplayName: 'x', ...(name === undefined ? {} : { TopicName: name }) },
});
const policy = { Type: 'AWS::SNS::TopicPolicy', Properties: {} };
const earlier = fingerprintOf({ Resources: { Alerts: topic('alerts'), Policy: policy } });

// The first of these loads the specification.
describe('rolling from one template to another', { timeout: 30_000 }, () => {
  it('keeps of a template what holds something or has a name, with what must stay', () => {
    expect(earlier).toEqual({ Alerts: { Type: 'AWS::SNS::Topic', properties: { TopicName: 'alerts' } } });
  });

  it.each([
    ['nothing changed', { Alerts: topic('alerts') }, []],
    ['something was added', { Alerts: topic('alerts'), More: topic() }, []],
    ['what can be updated was changed', { Alerts: { ...topic('alerts'), Properties: { TopicName: 'alerts' } } }, []],
    ['it was dropped', {}, ['Alerts: dropped']],
    ['it got another logical id', { Topic: topic('alerts') }, ['Alerts: dropped']],
    ['it was renamed', { Alerts: topic('other') }, ['Alerts.TopicName: changed, which replaces it']],
    ['its name became a generated one', { Alerts: topic() }, ['Alerts.TopicName: changed, which replaces it']],
    [
      'it is another thing',
      { Alerts: { Type: 'AWS::SQS::Queue' } },
      ['Alerts: was AWS::SNS::Topic, is AWS::SQS::Queue'],
    ],
  ])('sees whether %s', (_, Resources, lost) => {
    expect(lostBy(earlier, { Resources })).toEqual(lost);
  });

  it('sees that a generated name became a fixed one', () => {
    const unnamed = fingerprintOf({ Resources: { Alerts: topic() } });
    expect(lostBy(unnamed, { Resources: { Alerts: topic('x') } })).toEqual([
      'Alerts.TopicName: changed, which replaces it',
    ]);
  });
});
