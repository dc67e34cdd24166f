import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Chance } from '../../ports.ts';
import type { AwsCodes, Timing } from '../aws.ts';

/** The table and what it takes to use it. `client` must drop undefined values: `documentOptions`. */
export type DynamoTable = Timing & {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  /** Service and stage of the stack: another one that shares the table looks after other clusters. */
  readonly namespace: string;
  readonly chance: Chance;
};

/** The codes of the store's faults. */
export const STORE_CODES: AwsCodes = {
  denied: 'STORE_DENIED',
  unavailable: 'STORE_UNAVAILABLE',
  rejected: { ResourceNotFoundException: 'STORE_MISSING' },
};
