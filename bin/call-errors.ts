import type { Place } from './call.ts';

/** What is to be checked, by the name of an SDK's error. */
export const advice = (thrown: unknown, place: Place): string => {
  const { name, message } = thrown instanceof Error ? thrown : { name: 'unknown', message: String(thrown) };
  const { functionName, stage, region, profile, local } = place;
  const where = `stage ${stage}, region ${region}${profile === undefined ? '' : `, profile ${profile}`}`;
  if (name === 'ResourceNotFoundException')
    return `There is no function ${functionName} in ${region}: is it deployed there? Check --stage and --region; npx serverless deploy --stage ${stage} --region ${region} deploys it.`;
  if (EXPIRED.test(name) || /expired/i.test(message))
    return `The credentials have expired (${where}): log in again, such as aws sso login${profile === undefined ? '' : ` --profile ${profile}`}.`;
  if (/^(AccessDenied|UnauthorizedOperation)/.test(name))
    return `Not allowed (${where}): these credentials need lambda:InvokeFunction on ${functionName}. AWS says: ${firstLine(message)}`;
  if (WRONG_KEY.test(name))
    return `AWS does not know these credentials (${where}): check --profile and AWS_ACCESS_KEY_ID. AWS says: ${firstLine(message)}`;
  if (NO_KEY.test(name))
    return `There are no AWS credentials to use (${where}): give --profile, or set AWS_PROFILE or AWS_ACCESS_KEY_ID. ${firstLine(message)}`;
  if (THROTTLED.test(name)) return `AWS throttles the call (${name}): try again in some seconds.`;
  if (/^ENILimit|^SubnetIP|^EC2|ResourceNotReady|^KMS/.test(name))
    return `Lambda cannot start ${functionName}: ${name}: ${firstLine(message)}`;
  if (NETWORK.test(name) || NETWORK.test(codeOf(thrown)))
    return `${target(place)} cannot be reached (${codeOf(thrown) || name}): check the network${local === undefined ? ' and --region' : '; is npm start still running?'}.`;
  if (name === 'TimeoutError')
    return `No answer in time from ${target(place)}: try again, and look at the log /aws/lambda/${functionName}.`;
  return `AWS refuses the call (${where}): ${name}: ${firstLine(message)}`;
};

const EXPIRED = /^(ExpiredToken|RequestExpired|TokenRefreshRequired)/;
const WRONG_KEY =
  /^(UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken)/;
const NO_KEY = /^(CredentialsProviderError|TokenProviderError|ProviderError)/;
const THROTTLED = /^(TooManyRequests|Throttl|RequestLimitExceeded|RequestThrottled|SlowDown)/;
const NETWORK =
  /^(ECONN|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE|ETIMEDOUT|CERT_|SELF_SIGNED|UNABLE_TO|DEPTH_ZERO)/;

const target = ({ region, local }: Place): string =>
  local === undefined ? `AWS Lambda in ${region}` : 'The local world';

const codeOf = (thrown: unknown): string => {
  const code: unknown = typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'code') : undefined;
  return typeof code === 'string' ? code : '';
};

const firstLine = (text: string): string => text.split('\n')[0] ?? '';
