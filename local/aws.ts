/** Where a world's services answer. ECS has an address of its own: the agent. */
export type AwsClient = { readonly endpoint: string; readonly ecsEndpoint: string };

export const REGION = 'eu-west-1';

/** The account that the emulator derives from our access key. */
export const ACCOUNT = '000000000000';

const KEY = { accessKeyId: 'test', secretAccessKey: 'test' };

/** What every AWS client of a world is made with. */
export const clientConfig = ({ endpoint }: AwsClient) => ({ endpoint, region: REGION, credentials: KEY });

/** The same settings as environment variables, for a program of its own. */
export const awsEnvironment = ({ endpoint, ecsEndpoint }: AwsClient): Record<string, string> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ENDPOINT_URL_ECS: ecsEndpoint,
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_ACCESS_KEY_ID: KEY.accessKeyId,
  AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
});
