import type { RecordedCall } from '../recording.ts';
import { fromForm } from './from-form.ts';
import { fromRest } from './from-rest.ts';
import type { Models, ServiceModel } from './model.ts';

/** A request in the words of its service's model. */
export type Decoded = {
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  readonly status: number;
};

/** What a request asks for. Throws an Error when no operation of AWS is asked for in such a way. */
export const decode = (models: Models, call: RecordedCall): Decoded => {
  const model = models(call.service);
  if (model === undefined) throw new Error(`no service of AWS signs as ${JSON.stringify(call.service)}`);
  const { operation, input } = requestOf(model, call);
  if (model.operations[operation] === undefined) throw new Error(`${call.service} has no operation ${operation}`);
  return { service: call.service, operation, input, status: call.status };
};

export type Request = { readonly operation: string; readonly input: unknown };

const requestOf = (model: ServiceModel, call: RecordedCall): Request => {
  switch (model.metadata.protocol) {
    case 'json':
      return fromTarget(model, call);
    case 'query':
      return fromForm(model, call.body);
    case 'rest-json':
    case 'rest-xml':
      return fromRest(model, call);
    default:
      throw new Error(`${call.service} speaks ${model.metadata.protocol}, which is not read here`);
  }
};

const fromTarget = ({ metadata }: ServiceModel, { headers, body }: RecordedCall): Request => {
  const target = headers['x-amz-target'] ?? '';
  const prefix = `${metadata.targetPrefix}.`;
  if (!target.startsWith(prefix)) throw new Error(`x-amz-target is ${JSON.stringify(target)}, not ${prefix}…`);
  return { operation: target.slice(prefix.length), input: JSON.parse(body) };
};
