/** `${ssm:/path}`: a parameter of Systems Manager by its path. */
const SSM = String.raw`\/[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)*`;
/** `${secret:name#key}`: one key of a secret that is JSON; without `#key` the whole text of the secret. */
const SECRET = String.raw`[A-Za-z0-9\/_+=.@-]{1,512}(?:#[^#{}\s]{1,255})?`;
/** `$${` stands for a literal `${`; anything else that begins with `${` is meant as a reference. */
const TOKEN = /\$?\$\{[^{}]*\}?/g;

/** A text that is one reference to a secret and nothing else. */
export const SECRET_ALONE = new RegExp(`^\\$\\{(?:ssm:${SSM}|secret:${SECRET})\\}$`);

/** What `text` refers to, each as it is written (`${ssm:/path}`, `${secret:name#key}`), also what is no right reference. */
export const referencesIn = (text: string): string[] => tokensIn(text).filter((token) => !token.startsWith('$$'));

/** References and what is written like one (`$${`). */
export const tokensIn = (text: string): string[] => text.match(TOKEN) ?? [];

/** `${kind:name}` taken apart; both are empty for what is not written so. */
export const partsOf = (token: string): { readonly kind: string; readonly name: string } => {
  const [, kind = '', name = ''] = /^\$\{([a-z]+):(.*)\}$/s.exec(token) ?? [];
  return { kind, name };
};

/** What is wrong with a reference to a secret: what it should be; undefined when it is right, `unknown` when it is of no known kind. */
export const wrongSecret = (token: string): string | undefined => {
  if (SECRET_ALONE.test(token)) return undefined;
  const { kind } = partsOf(token);
  if (kind === 'ssm') return reference('ssm:/path');
  if (kind === 'secret') return `${reference('secret:name#key')}, or ${reference('secret:name')} for all of it`;
  return 'unknown';
};

/** How a reference is written. */
export const reference = (inside: string): string => `$\{${inside}}`;
