import { type Problem, pathText } from './problems.ts';
import { type Path, textsOf } from './raw.ts';
import { partsOf, reference, referencesIn, tokensIn, wrongSecret } from './reference-syntax.ts';

/** Where a secret may be referred to: it is read at the moment it is used there, and shown nowhere. */
const PLACES =
  /^clusters\.(jobs\.(args$|flinkConfiguration\.)|tls\.ca$|leader\.digest$|auth\.(?!kind$))|^alerts\.webhooks\.(url|secret)$/;
const PLACES_TEXT =
  'args, values of flinkConfiguration, tls.ca, leader.digest, auth, and url and secret of alerts.webhooks';
const KINDS_TEXT = `${reference('ssm:/path')}, ${reference('secret:name#key')} or ${reference('env:NAME')}`;
const TOKEN_CHARS_MAX = 80;

/** References that are unknown, badly written or stand where they may not. Text that is no reference may be a secret and is not repeated. */
export const referenceProblems = (input: unknown): Problem[] =>
  textsOf(input).flatMap(({ path, text }) => {
    const isAllowed = PLACES.test(path.filter((part) => typeof part === 'string').join('.'));
    const tokens = isAllowed ? referencesIn(text) : tokensIn(text);
    return tokens.flatMap((token) => problemOf(token, path, isAllowed));
  });

const problemOf = (token: string, path: Path, isAllowed: boolean): Problem[] => {
  const { kind } = partsOf(token);
  const found = kind === '' ? reference('…') : token.slice(0, TOKEN_CHARS_MAX);
  const expected = kind === 'env' ? FROM_ENVIRONMENT : isAllowed ? expectedSecret(token) : NO_SECRET;
  return expected === undefined ? [] : [{ path: pathText(path), text: `found ${found}; expected ${expected}` }];
};

const FROM_ENVIRONMENT = 'a value: it is read from the environment of the deploying shell, when deploying';
const NO_SECRET = `${reference('env:NAME')} at most: secrets may stand in ${PLACES_TEXT} only`;

const expectedSecret = (token: string): string | undefined => {
  const wrong = wrongSecret(token);
  return wrong === 'unknown' ? `${KINDS_TEXT}; a literal $\{ is written $$\{` : wrong;
};
