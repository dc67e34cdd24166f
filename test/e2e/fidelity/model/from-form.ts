import type { Request } from './decode.ts';
import type { Reference, ServiceModel, Shape } from './model.ts';
import { typed } from './typed.ts';

/** The `query` protocol: a form with `Action` and members whose dotted names say where they belong. */
export const fromForm = (model: ServiceModel, body: string): Request => {
  const { Action, Version: _version, ...members } = Object.fromEntries(new URLSearchParams(body));
  const operation = Action ?? '';
  const input = model.operations[operation]?.input;
  return { operation, input: input === undefined ? members : valueIn(model, input, treeOf(members)) };
};

/** What lies below a name: a value, or further names. */
type Tree = string | { [name: string]: Tree };

const treeOf = (members: Readonly<Record<string, string>>): Tree => {
  const root: { [name: string]: Tree } = {};
  for (const [path, value] of Object.entries(members)) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    let place = root;
    for (const name of names) {
      const below = place[name];
      const next = typeof below === 'object' ? below : {};
      place[name] = next;
      place = next;
    }
    place[last] = value;
  }
  return root;
};

/** Names that the shape does not know stay, so that the check sees them. */
const valueIn = (model: ServiceModel, { shape: name }: Reference, tree: Tree): unknown => {
  const shape = model.shapes[name];
  if (shape === undefined) return tree;
  if (typeof tree === 'string') return typed(shape, tree);
  const { member } = shape;
  switch (shape.type) {
    case 'structure':
      return Object.fromEntries(Object.entries(tree).map(([key, below]) => [key, memberIn(model, shape, key, below)]));
    case 'list':
      return numbered(tree.member).map((below) => (member === undefined ? below : valueIn(model, member, below)));
    case 'map':
      return Object.fromEntries(numbered(tree.entry).map((entry) => pairIn(model, shape, entry)));
    default:
      return tree;
  }
};

const memberIn = (model: ServiceModel, { members = {} }: Shape, name: string, below: Tree): unknown => {
  const member = members[name];
  return member === undefined ? below : valueIn(model, member, below);
};

const pairIn = (model: ServiceModel, { key, value }: Shape, entry: Tree): [string, unknown] => {
  const pair = typeof entry === 'string' ? {} : entry;
  const name = pair[key?.locationName ?? 'key'];
  const below = pair[value?.locationName ?? 'value'] ?? '';
  return [String(name), value === undefined ? below : valueIn(model, value, below)];
};

/** Lists and maps are written with the numbers 1, 2, … in place of names. */
const numbered = (tree: Tree | undefined): readonly Tree[] =>
  typeof tree === 'object' ? Object.keys(tree).map((_name, index) => tree[index + 1] ?? '') : [];
