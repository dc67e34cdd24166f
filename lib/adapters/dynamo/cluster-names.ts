import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Store } from '../../ports.ts';
import { type Call, callAws } from '../aws.ts';
import { clusterNameKey, clusterNamesPk, readClusterName, SCHEMA } from '../dynamo-items.ts';
import { frozen } from '../frozen.ts';
import { queryAll } from './query.ts';
import { type DynamoTable, STORE_CODES } from './table.ts';

/** One partition for each stack, read as a whole. */
export const clusters = async (
  table: DynamoTable,
  ...[deadlineMs]: Parameters<Store['clusters']>
): Promise<readonly string[]> =>
  frozen((await queryAll(table, clusterNamesPk(table.namespace), deadlineMs)).map(readClusterName));

export const addCluster = async (
  { client, table, namespace, ...timing }: DynamoTable,
  ...[cluster, deadlineMs]: Parameters<Store['addCluster']>
): Promise<void> => {
  const Item = { ...clusterNameKey(namespace, cluster), schema: SCHEMA };
  const command = new PutCommand({ TableName: table, Item });
  await callAws(timing, writing('dynamodb:PutItem'), deadlineMs, (abort) => client.send(command, abort));
};

export const forgetCluster = async (
  { client, table, namespace, ...timing }: DynamoTable,
  ...[cluster, deadlineMs]: Parameters<Store['forgetCluster']>
): Promise<void> => {
  const command = new DeleteCommand({ TableName: table, Key: clusterNameKey(namespace, cluster) });
  await callAws(timing, writing('dynamodb:DeleteItem'), deadlineMs, (abort) => client.send(command, abort));
};

/** Done twice is done once. */
const writing = (action: string): Call => ({ action, codes: STORE_CODES, writes: true });
