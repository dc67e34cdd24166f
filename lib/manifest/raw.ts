/** Reading input that is not checked yet: what is missing or of another kind is simply not there. */

export type Path = readonly PropertyKey[];

/** The items below a key; none when there is no list. */
export const list = (parent: unknown, key: string): readonly unknown[] => {
  const value = get(parent, key);
  return Array.isArray(value) ? value : [];
};

export const get = (parent: unknown, key: PropertyKey): unknown =>
  isObject(parent) && Object.hasOwn(parent, key) ? Reflect.get(parent, key) : undefined;

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Every text with its path, keys of mappings too (as their own path), in the order of the input. */
export const textsOf = (value: unknown, path: Path = []): { readonly path: Path; readonly text: string }[] => {
  if (typeof value === 'string') return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, i) => textsOf(item, [...path, i]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => textsOf(item, [...path, key]));
};
