import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Template } from '../support/package-service.ts';
import { checkTemplate } from '../support/template-check.ts';
import { unusedIn } from '../support/template-references.ts';
import { type Fingerprint, lostBy } from '../support/template-rolling.ts';

const STACKS = join(import.meta.dirname, '../fixtures/stacks');
/** Every version that was released. */
const VERSIONS = readdirSync(STACKS).map((file) => file.replace('.json', ''));

/** What a stack of an earlier version holds, and what it is called. */
const earlier = (version: string): Fingerprint => JSON.parse(readFileSync(join(STACKS, `${version}.json`), 'utf8'));

const ROLES = ['TaskStartedRole', 'HealthCheckRole', 'OperateRole'];

/** What must be true of the template of a deploy; each trap of the framework and of the services has a test that falls into it. */
export const templateTests = (template: Template): void => {
  const ofType = (type: string) => Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
  const propertiesOf = (type: string) => ofType(type).map(([, { Properties }]) => Properties);
  const one = (id: string) => template.Resources[id];
  const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
  const statementsOf = (id: string) => one(id)?.Properties.Policies[0].PolicyDocument.Statement;

  describe('the template of a deploy', () => {
    it('is what CloudFormation accepts', () => {
      expect(checkTemplate(template)).toEqual([]);
    });

    it('has no resource that nothing uses', () => {
      expect(unusedIn(template)).toEqual([]);
    });

    it.each(VERSIONS)('updates a stack of version %s without losing or replacing what it holds', (version) => {
      expect(lostBy(earlier(version), template)).toEqual([]);
    });

    it('has functions that AWS still runs, with time enough to wait too little to overlap, and 256 MB', () => {
      const functions = propertiesOf('AWS::Lambda::Function').map(({ FunctionName, Runtime, Timeout, MemorySize }) => [
        FunctionName,
        Runtime,
        Timeout,
        MemorySize,
      ]);
      expect(functions).toEqual([
        ['flink-autopilot-test-task-started', 'nodejs24.x', 180, 256],
        ['flink-autopilot-test-health-check', 'nodejs24.x', 55, 256],
        ['flink-autopilot-test-operate', 'nodejs24.x', 60, 256],
      ]);
    });

    it('reserves no concurrency: a look that waits must not keep an event out', () => {
      for (const properties of propertiesOf('AWS::Lambda::Function'))
        expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');
    });

    it('puts each function into the VPC that it was told', () => {
      const vpc = { SubnetIds: ['subnet-0a', 'subnet-0b'], SecurityGroupIds: ['sg-0a'] };
      expect(propertiesOf('AWS::Lambda::Function').map(({ VpcConfig }) => VpcConfig)).toEqual([vpc, vpc, vpc]);
    });

    it('tells each function all that it is told by its environment', () => {
      for (const { Environment } of propertiesOf('AWS::Lambda::Function')) {
        expect(Environment.Variables).toMatchObject({
          TABLE_NAME: { Ref: 'Memory' },
          TOPIC_ARN: { Ref: 'Alerts' },
          AUTOPILOT_NAMESPACE: 'flink-autopilot-test',
          METRICS: 'cluster',
        });
      }
    });

    it('stops at unknown keys in serverless.yml', () => {
      expect(readFileSync('serverless.yml', 'utf8')).toMatch(/^configValidationMode: error$/m);
    });
  });

  describe('the rules', () => {
    it('are one for the JobManagers of the manifest and one for each minute', () => {
      expect(
        propertiesOf('AWS::Events::Rule').map(
          ({ EventPattern, ScheduleExpression }) => EventPattern ?? ScheduleExpression,
        ),
      ).toEqual([expect.objectContaining({ source: ['aws.ecs'] }), 'rate(1 minute)']);
    });

    it('each have a dead-letter queue that EventBridge may write to for exactly these rules', () => {
      const rules = ofType('AWS::Events::Rule');
      for (const [, { Properties }] of rules)
        expect(Properties.Targets[0].DeadLetterConfig.Arn).toEqual(arnOf('UndeliveredEvents'));
      expect(propertiesOf('AWS::SQS::QueuePolicy')).toEqual([
        {
          Queues: [{ Ref: 'UndeliveredEvents' }],
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { Service: 'events.amazonaws.com' },
                Action: 'sqs:SendMessage',
                Resource: arnOf('UndeliveredEvents'),
                Condition: { ArnEquals: { 'aws:SourceArn': rules.map(([id]) => arnOf(id)) } },
              },
            ],
          },
        },
      ]);
    });

    it('are named in the outputs, as are table, topic and queues', () => {
      const names = [
        'TableName',
        'TopicArn',
        'OperateFunctionName',
        'UndeliveredEventsUrl',
        'FailedEventsUrl',
        'DashboardUrl',
        'Rules',
      ];
      expect(Object.keys(template.Outputs)).toEqual(expect.arrayContaining(names));
    });
  });

  describe('the second hop', () => {
    it('keeps events whose function failed, by the ARN of the queue', () => {
      const configs = propertiesOf('AWS::Lambda::EventInvokeConfig').map(
        ({ DestinationConfig, MaximumRetryAttempts }) => [DestinationConfig, MaximumRetryAttempts],
      );
      const wanted = { OnFailure: { Destination: arnOf('FailedEvents') } };
      expect(configs).toEqual([
        [wanted, undefined],
        [wanted, 0],
        [{}, 0], // whoever asks `operate` sees its failure, and an order is never said twice
      ]);
    });

    it.each(['TaskStartedRole', 'HealthCheckRole'])('is allowed to the function by %s', (role) => {
      expect(statementsOf(role)).toContainEqual({
        Effect: 'Allow',
        Action: ['sqs:SendMessage'],
        Resource: arnOf('FailedEvents'),
      });
    });
  });

  describe('the roles', () => {
    it('are one for each function, none shared', () => {
      expect(propertiesOf('AWS::Lambda::Function').map(({ Role }) => Role)).toEqual(ROLES.map(arnOf));
      expect(ofType('AWS::IAM::Role').map(([id]) => id)).toEqual(ROLES);
    });

    it('allow one table, one topic and one log', () => {
      expect(
        statementsOf('HealthCheckRole').map(({ Action, Resource }: { Action: string[]; Resource: unknown }) => [
          Action.slice(0, 4).join(' '),
          Resource,
        ]),
      ).toEqual([
        [
          'logs:CreateLogStream logs:PutLogEvents',
          { 'Fn::Sub': expect.stringMatching(/:log-group:\/aws\/lambda\/flink-autopilot-test-health-check:\*$/) },
        ],
        ['dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem', arnOf('Memory')],
        ['sns:Publish', { Ref: 'Alerts' }],
        ['sqs:SendMessage', arnOf('FailedEvents')],
        [expect.stringMatching(/^ec2:CreateNetworkInterface ec2:DescribeNetworkInterfaces/), '*'],
      ]);
    });

    it('allow no action by wildcard, and everything only where IAM knows nothing narrower', () => {
      const documents = [
        ...propertiesOf('AWS::IAM::Role').map(({ Policies }) => Policies[0].PolicyDocument),
        ...propertiesOf('AWS::IAM::ManagedPolicy').map(({ PolicyDocument }) => PolicyDocument),
      ];
      const statements: { Action: string[]; Resource: unknown; Condition?: object }[] = documents.flatMap(
        ({ Statement }) => Statement,
      );
      expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
      const everything = statements.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action);
      expect([...new Set(everything)].filter((action) => !action.startsWith('ec2:'))).toEqual(['ecs:ListTasks']);
      expect(statements.find(({ Action }) => Action.includes('ecs:ListTasks'))?.Condition).toEqual({
        ArnEquals: { 'ecs:cluster': { 'Fn::Sub': expect.stringMatching(/:cluster\/flink-on-ecs$/) } },
      });
    });
  });

  describe('the alarms', () => {
    it('look at functions and queues of this stack', () => {
      const names = propertiesOf('AWS::Lambda::Function').map(({ FunctionName }) => FunctionName);
      const queues = ofType('AWS::SQS::Queue').map(([id]) => ({ 'Fn::GetAtt': [id, 'QueueName'] }));
      const looked = propertiesOf('AWS::CloudWatch::Alarm').map(({ Dimensions }) => Dimensions[0].Value);
      expect(looked).toHaveLength(7);
      expect(looked.filter((value) => typeof value === 'string' && !names.includes(value))).toEqual([]);
      expect(looked.filter((value) => typeof value !== 'string')).toEqual(queues);
    });
  });

  describe('what is kept', () => {
    it('is a table that outlives the stack, encrypted, restorable, with expiry and a generated name', () => {
      expect(one('Memory')).toEqual({
        Type: 'AWS::DynamoDB::Table',
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: {
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [
            { AttributeName: 'pk', AttributeType: 'S' },
            { AttributeName: 'sk', AttributeType: 'S' },
          ],
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
          TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          SSESpecification: { SSEEnabled: true },
        },
      });
    });

    it('is a topic that alarms and rules of this account can publish to, and nobody else: not under the key of SNS', () => {
      expect(one('Alerts')?.Properties).not.toHaveProperty('KmsMasterKeyId');
      expect(propertiesOf('AWS::SNS::TopicPolicy')).toEqual([
        {
          Topics: [{ Ref: 'Alerts' }],
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] },
                Action: 'sns:Publish',
                Resource: { Ref: 'Alerts' },
                Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
              },
            ],
          },
        },
      ]);
    });

    it('is told by nobody’s e-mail unless an address is given', () => {
      expect(ofType('AWS::SNS::Subscription')).toEqual([]);
    });

    it('is a log for 30 days', () => {
      expect(propertiesOf('AWS::Logs::LogGroup').map(({ RetentionInDays }) => RetentionInDays)).toEqual([30, 30, 30]);
    });
  });
};
