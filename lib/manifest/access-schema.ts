import * as z from 'zod/mini';
import { reference, SECRET_ALONE } from './reference-syntax.ts';
import { mapping, text } from './values.ts';

/** What a certificate can carry: a DNS name or an address. */
const SERVER_NAME = /^[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$/;
const NOT_EMPTY = /\S/;
/** PEM files often hold the key beside the certificate, and the manifest is readable in the functions. */
const NO_PRIVATE_KEY = /^(?![\s\S]*PRIVATE KEY)[\s\S]*\S/;
const PEM_EXPECTED = 'PEM text without a private key, or a reference to it';

const tlsShape = {
  serverName: z.exactOptional(
    text(
      SERVER_NAME,
      'a host name, such as flink.example.com',
      'The name in the certificate, where it is not the address.',
    ),
  ),
  ca: z.exactOptional(
    text(
      NO_PRIVATE_KEY,
      PEM_EXPECTED,
      'PEM of the authorities to trust instead of the public ones; it may be a reference.',
    ),
  ),
};

const kind = <const T extends string>(name: T, description: string) =>
  z.literal(name).check(z.meta({ description, expected: `\`${name}\`` }));

const secret = (description: string) =>
  text(
    SECRET_ALONE,
    `a reference to a secret: ${reference('ssm:/path')} or ${reference('secret:name#key')}`,
    description,
  );

const basicShape = {
  kind: kind('basic', 'User name and password (HTTP basic).'),
  username: text(NOT_EMPTY, 'a user name, or a reference to it', 'The user’s name; it may be a reference.'),
  password: secret('A reference to the password.'),
};

const bearerShape = {
  kind: kind('bearer', 'A token in the Authorization header.'),
  token: secret('A reference to the token.'),
};

const mutualShape = {
  kind: kind('mutual', 'A client certificate (mutual TLS); it needs `tls`, or a `url` with https.'),
  certificate: text(NO_PRIVATE_KEY, PEM_EXPECTED, 'PEM of the client’s certificate; it may be a reference.'),
  key: secret('A reference to the PEM of the certificate’s key.'),
};

/** The kinds of authentication by name, each with its keys. */
export const authShapes = {
  none: { kind: kind('none', 'No authentication, as without `auth`.') },
  basic: basicShape,
  bearer: bearerShape,
  mutual: mutualShape,
};

const KINDS = Object.keys(authShapes).join(', ');

const variant = <T extends z.core.$ZodShape>(shape: T) => mapping(shape, `a mapping with kind: ${KINDS}`);

/** How the REST API of a cluster is spoken to. */
export const accessShape = {
  tls: z.exactOptional(
    z
      .union([z.literal(true), mapping(tlsShape, 'a mapping')], { error: 'true, or a mapping with serverName or ca' })
      .check(
        z.meta({
          description: 'HTTPS: `true` trusts the public authorities, a mapping says more.',
          expected: 'true, or a mapping with serverName or ca',
        }),
      ),
  ),
  auth: z.exactOptional(
    z
      .discriminatedUnion(
        'kind',
        [variant(authShapes.none), variant(basicShape), variant(bearerShape), variant(mutualShape)],
        { error: ({ path }) => (path?.at(-1) === 'kind' ? `one of ${KINDS}` : `a mapping with kind: ${KINDS}`) },
      )
      .check(
        z.meta({
          description: 'How Flink’s REST API knows the autopilot.',
          expected: `a mapping with kind: ${KINDS}`,
        }),
      ),
  ),
};

/** The names below `tls` and `auth`, for suggestions. */
export const accessNames = {
  tls: Object.keys(tlsShape),
  auth: [...new Set(Object.values(authShapes).flatMap((shape) => Object.keys(shape)))],
};
