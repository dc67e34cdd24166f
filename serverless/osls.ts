import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

/** The parts of the Serverless Framework's own objects that the plugin touches. */
export type Serverless = {
  serviceDir: string;
  readonly processedInput: {
    readonly commands: readonly string[];
    readonly options: Readonly<Record<string, unknown>>;
  };
  readonly classes: { readonly Error: new (message: string, code?: string) => Error };
  readonly pluginManager: { readonly plugins: readonly object[] };
  readonly service: Service;
  getProvider(name: 'aws'): Provider;
  addServiceOutputSection(name: string, lines: readonly string[]): void;
};

export type Provider = {
  getStage(): string;
  getRegion(): string;
  readonly naming: { getStackName(): string };
  getAwsSdkV3Config(): Promise<AwsConfig>;
};

/** Where and as whom the framework speaks to AWS, for a client of the AWS SDK. */
export type AwsConfig = Pick<DynamoDBClientConfig, 'region' | 'credentials' | 'endpoint' | 'requestHandler'>;

/** What the framework hands to a plugin besides itself. */
export type PluginUtils = { readonly log: { notice(text: string): void } };

export type Service = {
  readonly service: string;
  readonly custom?: { readonly autopilot?: Settings };
  readonly functions: Readonly<Record<string, FunctionDefinition>>;
  readonly provider: {
    vpc?: Vpc;
    logRetentionInDays?: number;
    memorySize?: number;
    compiledCloudFormationTemplate: Template;
    /** What runs now; there in `deploy function` only. */
    readonly remoteFunctionData?: { readonly Configuration: { readonly Role: string } };
  };
};

/** `custom.autopilot` of serverless.yml. */
export type Settings = Readonly<
  Partial<
    Record<
      | 'manifest'
      | 'subnets'
      | 'securityGroups'
      | 'table'
      | 'email'
      | 'encryptAlerts'
      | 'logRetentionInDays'
      | 'memory'
      | 'metrics',
      unknown
    >
  >
>;

export type FunctionDefinition = {
  readonly name: string;
  role: string;
  events: object[];
  readonly destinations?: object;
  package?: { artifact?: string };
};

export type Vpc = { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };

export type Template = { readonly Resources: Record<string, Resource>; readonly Outputs: Record<string, object> };

export type Resource = { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> };
