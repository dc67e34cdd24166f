import { equal } from '../core/equal.ts';
import { asFault, Fault } from '../core/errors.ts';
import type { Endpoint } from '../ports.ts';
import type { Answer, Http } from './http.ts';
import type { Target } from './http-agents.ts';
import type { FilePart } from './multipart.ts';
import type { Redaction } from './redaction.ts';
import { type CachedSecrets, FRESH_MS, KEPT_MS } from './secrets.ts';

/**
 * HTTP to JobManagers as the manifest says they are spoken to: TLS and authentication, whose values are read when they are
 * needed. A refusal of ours (401, 403, TLS) has them read again, once; faults of a secret pass through.
 */
export const createFlinkHttp = ({ http, secrets, redaction }: FlinkHttpOptions): FlinkHttp => {
  const targetOf = async (at: Endpoint, path: string, deadlineMs: number, maxAgeMs: number): Promise<Target> => {
    const value = (text: string) => secrets.resolveWithin(text, deadlineMs, maxAgeMs);
    return { url: `${at.url}${path}`, ...(await tlsOf(at, value)), ...(await headersOf(at, value, redaction)) };
  };
  const ask = async (at: Endpoint, path: string, deadlineMs: number, once: Ask): Promise<Answer> => {
    const target = await targetOf(at, path, deadlineMs, KEPT_MS);
    const first = await once(target).catch(refusedByTls);
    if (!isRefused(first)) return first;
    const fresh = await targetOf(at, path, deadlineMs, FRESH_MS);
    const answer = equal(fresh, target) ? first : await once(fresh);
    if (answer instanceof Fault) throw answer;
    return answer;
  };
  return {
    get: (at, path, deadlineMs) => ask(at, path, deadlineMs, (target) => http.get(target, deadlineMs)),
    send: (method, at, path, json, deadlineMs, first) => {
      const before = first === undefined ? undefined : { url: `${at.url}${first.path}`, accept: first.accept };
      return ask(at, path, deadlineMs, (target) => http.send(method, target, json, deadlineMs, before));
    },
    // A stream is read once; whoever uploads has just looked, so that its values are as fresh as that.
    upload: async (at, path, file, deadlineMs) =>
      http.upload(await targetOf(at, path, deadlineMs, KEPT_MS), file, deadlineMs),
    withoutSecrets: async ({ given = [] }, jobId, text, deadlineMs) => {
      const spec = given.find((each) => each.jobId === jobId)?.spec;
      const texts = spec === undefined ? [] : [...spec.args, ...Object.values(spec.flinkConfiguration)];
      try {
        await Promise.all(texts.map((each) => secrets.resolveWithin(each, deadlineMs, KEPT_MS)));
      } catch (thrown) {
        return redaction.redact(`not shown, as a secret of the job cannot be read: ${asFault(thrown).message}`);
      }
      return redaction.redact(text);
    },
  };
};

export type FlinkHttpOptions = {
  readonly http: Http;
  readonly secrets: CachedSecrets;
  readonly redaction: Redaction;
};

/** `Http` by endpoint and path. Faults: those of `Http`, and `rejected` SECRET_MISSING, SECRET_DENIED, `transient`. */
export type FlinkHttp = {
  get(at: Endpoint, path: string, deadlineMs: number): Promise<Answer>;
  send(
    method: 'POST' | 'DELETE' | 'PATCH',
    at: Endpoint,
    path: string,
    json: string | undefined,
    deadlineMs: number,
    first?: { readonly path: string; accept(answer: Answer): void },
  ): Promise<Answer>;
  upload(at: Endpoint, path: string, file: FilePart, deadlineMs: number): Promise<Answer>;
  /** What Flink says of a job, without the secrets that it was given: they are read for that. Never a fault. */
  withoutSecrets(at: Endpoint, jobId: string, text: string, deadlineMs: number): Promise<string>;
};

type Ask = (target: Target) => Promise<Answer>;
type Value = (text: string) => Promise<string>;

/** Refused before it was understood: surely not done, so that even a POST may be sent again. */
const isRefused = (answer: Answer | Fault): answer is Fault | Answer =>
  answer instanceof Fault || answer.status === 401 || answer.status === 403;

const refusedByTls = (thrown: unknown): Fault => {
  if (thrown instanceof Fault && thrown.code === 'FLINK_TLS') return thrown;
  throw thrown;
};

const tlsOf = async ({ tls, auth }: Endpoint, value: Value): Promise<Pick<Target, 'tls'>> => {
  const mutual = auth?.kind === 'mutual' ? auth : undefined;
  if (tls === undefined && mutual === undefined) return {};
  const { serverName, ca } = tls ?? {};
  return {
    tls: {
      ...(serverName === undefined ? {} : { serverName }),
      ...(ca === undefined ? {} : { ca: await value(ca) }),
      ...(mutual === undefined ? {} : { cert: await value(mutual.certificate), key: await value(mutual.key) }),
    },
  };
};

const headersOf = async ({ auth }: Endpoint, value: Value, redaction: Redaction): Promise<Pick<Target, 'headers'>> => {
  if (auth === undefined || auth.kind === 'mutual') return {};
  const credentials = auth.kind === 'bearer' ? await value(auth.token) : await basic(auth, value, redaction);
  redaction.hide(credentials, 'authorization');
  return { headers: { authorization: `${auth.kind === 'bearer' ? 'Bearer' : 'Basic'} ${credentials}` } };
};

const basic = async (
  { username, password }: { readonly username: string; readonly password: string },
  value: Value,
  redaction: Redaction,
): Promise<string> => {
  const secret = await value(password);
  redaction.hide(secret, 'password');
  return Buffer.from(`${await value(username)}:${secret}`).toString('base64');
};
