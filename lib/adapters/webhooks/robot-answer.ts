import { cut } from '../../core/cut.ts';
import { Fault } from '../../core/errors.ts';

/**
 * What a robot of DingTalk, Feishu or WeCom says: HTTP 200 with a code in JSON, of which 0 is taken. `mayPass`: codes of
 * a robot that is busy or asked too often. Without a code it is taken, as the status says.
 */
export const robotRefusal = (
  answer: string,
  names: readonly string[],
  mayPass: readonly number[],
): Fault | undefined => {
  const fields = objectOf(answer);
  const code = names.map((name) => fields[name]).find((value) => typeof value === 'number');
  if (typeof code !== 'number' || code === 0) return undefined;
  const said = [fields.errmsg, fields.msg].find((value) => typeof value === 'string') ?? '';
  const text = cut(`code ${code} ${said}`.trim(), ANSWER_MAX);
  return mayPass.includes(code)
    ? new Fault('transient', 'WEBHOOK_UNAVAILABLE', text)
    : new Fault('rejected', 'WEBHOOK_REFUSED', text);
};

const ANSWER_MAX = 200;

const objectOf = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? { ...json } : {};
  } catch {
    return {};
  }
};
