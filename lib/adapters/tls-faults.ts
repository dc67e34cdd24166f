import { Fault } from '../core/errors.ts';
import { isTls, type Target } from './http-agents.ts';

/** What failed of TLS and what has to be set for it to work; undefined = this error is none of TLS. `code` is Node's or OpenSSL's. */
export const tlsFault = (code: string, message: string, target: Target): Fault | undefined => {
  const why = isTls(target) ? ofTls(code, message, target) : ofPlain(code);
  return why === undefined ? undefined : new Fault('rejected', 'FLINK_TLS', why);
};

/** A plain request that a TLS server sends to its encrypted self. */
export const redirectFault = (status: number, location: string | null, target: Target): Fault | undefined =>
  !isTls(target) && status >= 300 && status < 400 && location?.startsWith('https:') === true
    ? new Fault('rejected', 'FLINK_TLS', SPEAKS_TLS)
    : undefined;

const SPEAKS_TLS = 'it speaks TLS and was asked in plain HTTP: set `tls` (or `url: https://…`)';

const ofPlain = (code: string): string | undefined =>
  code === 'HPE_INVALID_CONSTANT'
    ? 'its answer is not HTTP: if it speaks TLS set `tls` (or `url: https://…`), else check `restPort`'
    : undefined;

const ofTls = (code: string, message: string, { tls = {}, url }: Target): string | undefined => {
  const name = tls.serverName ?? new URL(url).hostname;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `the name check failed: the certificate is ${altNames(message)}not for ${name}: set \`tls.serverName\` to a name of the certificate`;
  if (UNTRUSTED.has(code))
    return `the certificate's authority is not trusted (${code}): set \`tls.ca\` to the PEM of the authority that signed it`;
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return `the date check failed (${code}): renew the certificate of ${name}`;
  if (PLAIN.test(code) || PLAIN.test(message))
    return 'it answers in plain HTTP and was asked by TLS: remove `tls` (or `url: http://…`), or check `restPort`';
  if (ALERT.test(code) || ALERT.test(message))
    return `it refuses our handshake (${code}): if it wants a client certificate set \`auth: mutual\`, or renew the one that is set`;
  if (PEM.test(code) || PEM.test(message))
    return `\`tls.ca\`, \`auth.certificate\` or \`auth.key\` is no PEM, or the key is of another certificate (${code})`;
  return code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || VERIFY.has(code)
    ? `the TLS handshake failed: ${code}`
    : undefined;
};

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
]);

/** Further words of OpenSSL for a certificate that does not pass. */
const VERIFY = new Set(['CERT_SIGNATURE_FAILURE', 'CERT_REVOKED', 'INVALID_CA', 'INVALID_PURPOSE', 'CERT_REJECTED']);

const PLAIN = /WRONG_VERSION_NUMBER|wrong version number|PACKET_LENGTH_TOO_LONG|packet length too long/;
const ALERT = /_ALERT_|\balert (bad certificate|unknown ca|handshake failure|certificate required)/;
const PEM = /ERR_OSSL_(PEM|X509|ASN1|EVP)|PEM routines|KEY_VALUES_MISMATCH/;

/** `Host: a. is not in the cert's altnames: DNS:b, DNS:c`; of an address Node says no names. */
const altNames = (message: string): string => {
  const names = /is not in the cert's altnames: (.+)$/s.exec(message)?.[1];
  return names === undefined ? '' : `for ${names}, `;
};
