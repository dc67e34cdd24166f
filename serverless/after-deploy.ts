import type { Serverless } from './osls.ts';

/** What a person needs next, shown at the end of `deploy` and `info`: section → lines. Of a stack that lacks an output, nothing about it. */
export const afterDeploy = (
  outputs: Outputs,
  { stage, region, email }: Place,
): Readonly<Record<string, readonly string[]>> => {
  const { TopicArn, OperateFunctionName, DashboardUrl } = outputs;
  const subscribe = `aws sns subscribe --region ${region} --topic-arn ${TopicArn} --protocol email --notification-endpoint you@example.com`;
  const confirm = `${email} gets a mail from AWS: nothing is sent there before its link was opened`;
  return {
    ...(TopicArn === undefined
      ? {}
      : { alerts: [TopicArn, `to be told: ${subscribe}`, ...(email === undefined ? [] : [confirm])] }),
    ...(OperateFunctionName === undefined
      ? {}
      : { operate: [OperateFunctionName, `to ask: npx flink-autopilot status --stage ${stage} --region ${region}`] }),
    ...(DashboardUrl === undefined ? {} : { dashboard: [DashboardUrl] }),
  };
};

/** The outputs of the deployed stack as the framework has just read them. */
export const outputsOf = ({ pluginManager }: Pick<Serverless, 'pluginManager'>): Outputs => {
  const read = pluginManager.plugins.find(hasGathered)?.gatheredData.outputs ?? [];
  return Object.fromEntries(read.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
};

type Outputs = Readonly<Record<string, string>>;
type Place = { readonly stage: string; readonly region: string; readonly email?: string };

/** The framework's own plugin behind `info`. */
type Gathered = {
  readonly gatheredData: { readonly outputs: readonly { readonly OutputKey: string; readonly OutputValue: string }[] };
};

const hasGathered = (plugin: object): plugin is Gathered =>
  'gatheredData' in plugin && plugin.gatheredData !== undefined;
