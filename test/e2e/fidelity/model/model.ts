import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** AWS's own description of a service, as far as requests go: the format of botocore's `service-2.json`. */
export type ServiceModel = {
  readonly metadata: { readonly protocol: Protocol; readonly targetPrefix?: string };
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
};

/** The protocols that the services which we call speak. */
export type Protocol = 'json' | 'query' | 'rest-json' | 'rest-xml';

export type Operation = {
  readonly name: string;
  readonly http: { readonly method: string; readonly requestUri: string };
  readonly input?: Reference;
  /** Its body may come with a checksum, in a header that is named by the algorithm. */
  readonly httpChecksum?: object;
  /** Another one took its place, under the same path. */
  readonly deprecated?: boolean;
};

export type Reference = {
  readonly shape: string;
  readonly location?: 'uri' | 'querystring' | 'header' | 'headers';
  readonly locationName?: string;
};

export type Shape = {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, Reference>>;
  readonly member?: Reference;
  readonly key?: Reference;
  readonly value?: Reference;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  /** Exactly one member. */
  readonly union?: boolean;
  /** A list in XML without an element of its own. */
  readonly flattened?: boolean;
  /** The name of the member that is the body. */
  readonly payload?: string;
};

/** Gives the model of a service by the name in its signatures; undefined when there is none. */
export type Models = (service: string) => ServiceModel | undefined;

/** The models that came with the emulator; `python` is that of its environment. */
export const readModels = (python: string): Models => {
  const lib = join(python, '../../lib');
  const data = join(lib, readdirSync(lib)[0] ?? '', 'site-packages/botocore/data');
  const read = new Map<string, ServiceModel>();
  return (service) => {
    const known = read.get(service);
    const folder = join(data, FOLDERS[service] ?? service);
    if (known !== undefined || service === '' || !existsSync(folder)) return known;
    const versions = readdirSync(folder).filter((version) => existsSync(join(folder, version, FILE)));
    const file = join(folder, versions.toSorted().at(-1) ?? '', FILE);
    const model: ServiceModel = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8'));
    read.set(service, model);
    return model;
  };
};

const FILE = 'service-2.json.gz';

/** Where the name in a signature is not that of the folder. */
const FOLDERS: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };
