import type { Shape } from './model.ts';

/** A text from a form, a header or a query, as the type that its shape says; text that is none of that type stays text. */
export const typed = ({ type }: Shape, text: string): unknown => {
  switch (type) {
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
    case 'boolean':
      return text === 'true' || (text === 'false' ? false : text);
    default:
      return text;
  }
};
