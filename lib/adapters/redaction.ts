/** Takes values that were read from a secret store out of any text that comes back from elsewhere. */
export const createRedaction = (): Redaction => {
  const hidden = new Map<string, string>();
  return {
    hide: (value, name) => {
      for (const form of formsOf(value)) {
        // A rotated value stays hidden beside its successor: whoever was given it may still repeat it.
        // What is read again is in use: it goes to the end, and the one that was read longest ago makes room.
        const isThere = hidden.delete(form);
        if (!isThere && hidden.size >= VALUES_MAX) hidden.delete(hidden.keys().next().value ?? '');
        hidden.set(form, `<${name}>`);
      }
    },
    redact: (text) =>
      [...hidden]
        .sort(([a], [b]) => b.length - a.length)
        .reduce((rest, [value, name]) => rest.replaceAll(value, () => name), text),
  };
};

export type Redaction = {
  /** From now on `value` never leaves `redact`, in any of the forms in which it may be repeated. `name` takes its place. */
  hide(value: string, name: string): void;
  redact(text: string): string;
};

/** Many times more than a manifest refers to. */
export const VALUES_MAX = 5_000;

/** Shorter ones are in every text, which would only be garbled. */
const CHARACTERS_MIN = 4;

/** As it is, each of its lines, the texts inside it when it is JSON, and each of these as JSON and as a part of a URL. */
const formsOf = (value: string): readonly string[] => {
  const plain = [value, ...value.split('\n').map((line) => line.trim()), ...textsIn(jsonOf(value))];
  const forms = plain.flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text.toWellFormed()),
  ]);
  return [...new Set(forms)].filter((form) => form.length >= CHARACTERS_MIN);
};

const textsIn = (json: unknown): readonly string[] => {
  if (typeof json === 'string') return [json];
  return typeof json === 'object' && json !== null ? Object.values(json).flatMap(textsIn) : [];
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
