import { Readable } from 'node:stream';
import { createFlinkHttp } from '../../lib/adapters/flink-access.ts';
import { createFlinkRest } from '../../lib/adapters/flink-rest.ts';
import type { Answer, Http } from '../../lib/adapters/http.ts';
import type { FilePart } from '../../lib/adapters/multipart.ts';
import { createRedaction } from '../../lib/adapters/redaction.ts';
import { createSecrets } from '../../lib/adapters/secrets.ts';
import { Fault } from '../../lib/core/errors.ts';

/** Of a JobManager that nothing is sent to. */
export const URL = 'http://10.0.1.23:8081';
export const ID = '00112233445566770000000200aabbcc';

type Sent = { readonly method: string; readonly url: string; readonly json?: unknown; readonly file?: FilePart };

/** Flink's REST over an HTTP client that gives one answer, or throws one fault, to everything. `parameters` can be read. */
export const flinkThat = (
  answer: Answer | Fault | ((path: string) => Answer),
  parameters: Readonly<Record<string, string>> = {},
) => {
  const sent: Sent[] = [];
  const reply = async (one: Sent): Promise<Answer> => {
    sent.push(one);
    if (answer instanceof Fault) throw answer;
    return typeof answer === 'function' ? answer(one.url.slice(URL.length)) : answer;
  };
  const http: Http = {
    get: ({ url }) => reply({ method: 'GET', url }),
    send: (method, { url }, json) => reply({ method, url, json: json === undefined ? undefined : JSON.parse(json) }),
    upload: ({ url }, file) => reply({ method: 'UPLOAD', url, file }),
    close: () => {},
  };
  const openJar = async (uri: string) => {
    if (uri.includes('changed')) throw new Fault('rejected', 'JAR_CHANGED', uri);
    return Readable.from([Buffer.from('PK')]);
  };
  const ssm = async (name: string) => parameters[name] ?? nothing(name);
  const redaction = createRedaction();
  const secrets = createSecrets({ stores: { ...noStores, ssm }, redaction, nowMs: () => 0 });
  const flinkHttp = createFlinkHttp({ http, secrets, redaction });
  return { flink: createFlinkRest({ http: flinkHttp, openJar, redact: redaction.redact }), sent, hide: redaction.hide };
};

const nothing = async (name: string): Promise<never> => {
  throw new Fault('rejected', 'SECRET_MISSING', `there is no ${name}`);
};

/** Where no secret is. */
export const noStores = { ssm: nothing, secret: nothing };

export const json = (body: unknown, status = 200): Answer => ({ status, text: JSON.stringify(body) });
/** Flink's error answer. */
export const errors = (status: number, ...texts: string[]): Answer => json({ errors: texts }, status);
