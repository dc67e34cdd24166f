import type { Reference, ServiceModel } from './model.ts';
import { typed } from './typed.ts';

/** A body in XML, read by the shape of what it is. What the shape does not know keeps the name of its element, for the check to find. */
export const fromXml = (model: ServiceModel, reference: Reference, body: string): unknown => {
  const [root] = elementsOf(body).children;
  return root === undefined ? {} : readAs(model, reference, root);
};

type Element = { readonly name: string; readonly children: Element[]; text: string };

const readAs = (model: ServiceModel, { shape: name }: Reference, element: Element): unknown => {
  const shape = model.shapes[name];
  if (shape?.type === 'list' && shape.member !== undefined) {
    const { member } = shape;
    return element.children.map((child) => readAs(model, member, child));
  }
  if (shape?.type !== 'structure') return shape === undefined ? element.text : typed(shape, element.text);
  const members = Object.entries(shape.members ?? {});
  const named = new Map<string, unknown>();
  for (const child of element.children) {
    const [key, reference] = members.find(([own, { locationName = own }]) => locationName === child.name) ?? [];
    const list = reference === undefined ? undefined : model.shapes[reference.shape];
    if (key === undefined || reference === undefined) named.set(child.name, child.text);
    else if (list?.type === 'list' && list.flattened === true && list.member !== undefined) {
      // A flattened list has no element of its own: its members follow each other.
      const before = named.get(key);
      named.set(key, [...(Array.isArray(before) ? before : []), readAs(model, list.member, child)]);
    } else named.set(key, readAs(model, reference, child));
  }
  return Object.fromEntries(named);
};

/** Elements and texts are all that requests are made of. */
const elementsOf = (body: string): Element => {
  const root: Element = { name: '', children: [], text: '' };
  const open = [root];
  for (const [, closing, name, empty, text] of body.matchAll(/<(\/?)([\w:]+)[^>]*?(\/?)>|([^<]+)/g)) {
    const above = open.at(-1) ?? root;
    if (text !== undefined) above.text += unescaped(text);
    else if (closing === '/') open.pop();
    else {
      const element: Element = { name: name ?? '', children: [], text: '' };
      above.children.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  return root;
};

const unescaped = (text: string): string =>
  text.replaceAll(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(lt|gt|quot|apos|amp));/g, (_, hex, decimal, word) =>
    word === undefined
      ? String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
      : (WORDS[word] ?? ''),
  );

const WORDS: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
