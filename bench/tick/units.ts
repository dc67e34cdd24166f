/** Request units of DynamoDB on demand. */
export type Units = { readonly read: number; readonly write: number };

/**
 * What a call costs by DynamoDB's rules: a strongly consistent read one unit for each 4 KB begun, a write one for each
 * KB begun of each item, twice that in a transaction. An update is counted by what it sets; items of the lease are small.
 */
export const unitsOf = (action: string, request: Request, answer: Answer): Units => {
  switch (action) {
    case 'Query': {
      const bytes = (answer.Items ?? []).reduce((sum, item) => sum + itemBytes(item), 0);
      return { read: Math.max(1, Math.ceil(bytes / READ_BYTES)), write: 0 };
    }
    case 'PutItem':
      return { read: 0, write: writeUnits(request.Item) };
    case 'UpdateItem':
    case 'DeleteItem':
      return { read: 0, write: 1 };
    case 'TransactWriteItems': {
      const items = (request.TransactItems ?? []).map(({ Put }) => writeUnits(Put?.Item));
      return { read: 0, write: 2 * items.reduce((sum, units) => sum + units, 0) };
    }
    default:
      throw new Error(`the units of ${action} are not known`);
  }
};

type Item = Readonly<Record<string, unknown>>;
type Request = { readonly Item?: Item; readonly TransactItems?: readonly { readonly Put?: { readonly Item: Item } }[] };
type Answer = { readonly Items?: readonly Item[] };

const READ_BYTES = 4_096;
const WRITE_BYTES = 1_024;

const writeUnits = (item: Item = {}): number => Math.max(1, Math.ceil(itemBytes(item) / WRITE_BYTES));

/** Names and values in UTF-8; a number takes half a byte a digit and one more, a list or map three, and one for each in it. */
export const itemBytes = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + utf8(name) + valueBytes(value as Attribute), 0);

type Attribute = {
  readonly S?: string;
  readonly N?: string;
  readonly B?: string;
  readonly L?: readonly Attribute[];
  readonly M?: Item;
};

const valueBytes = ({ S, N, B, L, M }: Attribute): number => {
  if (S !== undefined) return utf8(S);
  if (N !== undefined) return Math.ceil(N.replace(/\D/g, '').length / 2) + 1;
  if (B !== undefined) return Buffer.from(B, 'base64').length;
  if (L !== undefined) return L.reduce((sum, each) => sum + 1 + valueBytes(each), 3);
  if (M !== undefined) return itemBytes(M) + 3 + Object.keys(M).length;
  return 1;
};

const utf8 = (text: string): number => Buffer.byteLength(text);
