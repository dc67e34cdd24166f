import type { RecordedCall } from '../recording.ts';
import type { Request } from './decode.ts';
import { fromXml } from './from-xml.ts';
import type { Operation, ServiceModel } from './model.ts';
import { typed } from './typed.ts';

/** The `rest` protocols: method, path, query and headers say what is asked for. */
export const fromRest = (model: ServiceModel, call: RecordedCall): Request => {
  const asked = new URL(call.url, 'http://service');
  const candidates = Object.values(model.operations).flatMap((operation) => {
    const labels = operation.deprecated ? undefined : matched(operation, call.method, asked);
    return labels === undefined ? [] : [{ operation, labels, exactness: exactnessOf(operation, asked) }];
  });
  const [best] = candidates.toSorted((a, b) => b.exactness - a.exactness);
  if (best === undefined) throw new Error(`no operation is ${call.method} ${asked.pathname}`);
  const { operation, labels } = best;
  return { operation: operation.name, input: inputOf(model, operation, labels, asked, call) };
};

/** The labels of the path, when method, path and the query's fixed part are those of the operation. */
const matched = ({ http }: Operation, method: string, asked: URL): Record<string, string> | undefined => {
  const { path, query } = partsOf(http.requestUri);
  if (http.method !== method) return undefined;
  for (const [name, value] of query) {
    if (value === '' ? !asked.searchParams.has(name) : asked.searchParams.get(name) !== value) return undefined;
  }
  const pattern = path.replaceAll(/\{(\w+)\+\}/g, '(?<$1>.+)').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  const groups = new RegExp(`^${pattern}/?$`).exec(asked.pathname)?.groups;
  return groups && Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]));
};

/** Several operations share a path: the one that the SDK names, else the one with the longest fixed query. */
const exactnessOf = ({ name, http }: Operation, asked: URL): number =>
  asked.searchParams.get('x-id') === name ? Number.MAX_SAFE_INTEGER : [...partsOf(http.requestUri).query].length;

const partsOf = (requestUri: string): { path: string; query: URLSearchParams } => {
  const [path = '', query = ''] = requestUri.split('?');
  return { path, query: new URLSearchParams(query) };
};

const inputOf = (
  model: ServiceModel,
  { input, http, httpChecksum }: Operation,
  labels: Readonly<Record<string, string>>,
  asked: URL,
  { headers, body }: RecordedCall,
): unknown => {
  const shape = input && model.shapes[input.shape];
  const fixed = [...partsOf(http.requestUri).query.keys(), 'x-id'];
  const query = Object.entries(Object.fromEntries(asked.searchParams)).filter(([name]) => !fixed.includes(name));
  const places = {
    uri: Object.entries(labels),
    querystring: query,
    header: Object.entries(headers).filter(([name]) => isOfTheOperation(name)),
  };
  const members = Object.entries(shape?.members ?? {});
  const found = Object.entries(places).flatMap(([place, entries]) =>
    entries.flatMap(([name, text]): [string, unknown][] => {
      const [member, reference] =
        members.find(
          ([key, { location, locationName = key }]) =>
            location === place && locationName.toLowerCase() === name.toLowerCase(),
        ) ?? [];
      const memberShape = reference && model.shapes[reference.shape];
      if (member === undefined || memberShape === undefined)
        return isFree(name) || (httpChecksum !== undefined && isChecksum(name)) ? [] : [[name, text]];
      return [[member, typed(memberShape, text)]];
    }),
  );
  const payload = shape?.payload === undefined ? undefined : shape.members?.[shape.payload];
  const isXml = model.metadata.protocol === 'rest-xml' && payload?.shape !== undefined && body !== '';
  const inXml = isXml ? { [shape?.payload ?? '']: fromXml(model, payload, body) } : {};
  const inBody = model.metadata.protocol === 'rest-json' && shape?.payload === undefined && body !== '';
  return { ...Object.fromEntries(found), ...inXml, ...(inBody ? JSON.parse(body) : {}) };
};

/** Headers of HTTP and of every signed request belong to no operation. */
const isOfTheOperation = (name: string): boolean =>
  !/^(host|connection|accept|accept-encoding|content-length|transfer-encoding|expect|user-agent)$/.test(name) &&
  !/^(amz-sdk-.*|x-amz-user-agent|x-amz-date|x-amz-content-sha256|x-amzn-trace-id)$/.test(name);

/** A header that no operation has to know. */
const isFree = (name: string): boolean => name === 'content-type';

/** The checksum of the body, where an operation takes one: by trait, not by a member of its own. */
const isChecksum = (name: string): boolean => /^x-amz-checksum-(crc32|crc32c|crc64nvme|sha1|sha256)$/.test(name);
