import type { ClusterSpec, Manifest } from '../lib/core/model.ts';

/** Names of parameters and secrets that the manifest refers to, each once. */
export type SecretReferences = { readonly parameters: readonly string[]; readonly secrets: readonly string[] };

/**
 * The `${ssm:/path}` and `${secret:name#key}` of what runs: access to the clusters, arguments and Flink configuration of the
 * jobs, webhooks. A name with a wildcard in it is no name and is left out, so that no permission can be wider than one value.
 */
export const secretReferences = ({ alerts, clusters }: Manifest): SecretReferences => {
  const webhooks = alerts?.webhooks ?? [];
  const texts = [
    ...clusters.flatMap((cluster) => [...accessTexts(cluster), ...jobTexts(cluster)]),
    ...webhooks.flatMap(({ url, secret = '' }) => [url, secret]),
  ];
  return { parameters: namesIn(texts, SSM), secrets: namesIn(texts, SECRET) };
};

/** SSM takes letters, digits and `_.-/`; Secrets Manager `+=@` as well, and a whole ARN. `$${` stands for a literal `${`. */
const SSM = /(?<!\$)\$\{ssm:([\w.\-/]+)\}/g;
const SECRET = /(?<!\$)\$\{secret:([\w/+=.@:-]+)(?:#[^}]*)?\}/g;

const accessTexts = ({ tls, auth, leader }: ClusterSpec): readonly string[] => [
  ...(leader === undefined || leader === 'rest' || leader.digest === undefined ? [] : [leader.digest]),
  ...(tls?.ca === undefined ? [] : [tls.ca]),
  ...(auth === undefined ? [] : Object.values(auth)),
];

const jobTexts = ({ jobs }: ClusterSpec): readonly string[] =>
  jobs.filter(({ enabled }) => enabled).flatMap((job) => [...job.args, ...Object.values(job.flinkConfiguration)]);

const namesIn = (texts: readonly string[], pattern: RegExp): string[] => [
  ...new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, name = '']) => name))),
];
