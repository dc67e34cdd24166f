import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientConfig } from '../../../local/aws.ts';
import { PRODUCT } from '../../../local/deploy/deployments.ts';
import type { World } from '../../../local/world.ts';

/** The schedule's look at all clusters, now; it is over when this returns. Throws when the function fails. */
export const lookNow = async ({ client }: World): Promise<void> => {
  // Asked once: a second look beside the first would only ring its bell.
  const lambda = new LambdaClient({ ...clientConfig(client), maxAttempts: 1 });
  try {
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({ FunctionName: `${PRODUCT}-health-check` }),
    );
    if (FunctionError !== undefined) throw new Error(`health-check failed: ${Payload?.transformToString()}`);
  } finally {
    lambda.destroy();
  }
};
