import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { Fault } from '../../core/errors.ts';
import { callAws } from '../aws.ts';
import { type DynamoTable, STORE_CODES } from './table.ts';

/** A partition has at most some thousand small items; each page holds a megabyte. */
export const PAGES_MAX = 50;

/** All items of one partition, strongly consistent. */
export const queryAll = async (
  { client, table, ...timing }: DynamoTable,
  pk: string,
  deadlineMs: number,
): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const call = { action: 'dynamodb:Query', codes: STORE_CODES };
  const items: Record<string, unknown>[] = [];
  let from: Record<string, unknown> | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const command = new QueryCommand({
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    const answer = await callAws(timing, call, deadlineMs, (abort) => client.send(command, abort));
    items.push(...(answer.Items ?? []));
    from = answer.LastEvaluatedKey;
    if (from === undefined) return items;
  }
  throw new Fault('invalid', 'ITEM_UNREADABLE', `over ${PAGES_MAX} pages of items under ${pk}`);
};
