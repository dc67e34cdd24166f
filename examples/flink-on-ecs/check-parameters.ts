/** Serverless plugin: refuses parameters that AWS would refuse only in the middle of a deployment, naming all problems at once. */
export default class CheckParameters {
  readonly hooks: { initialize: () => void };

  constructor(serverless: Serverless) {
    this.hooks = {
      initialize: () => {
        const { parameters } = serverless.configurationInput.custom;
        const problems = parameterProblems(parameters);
        if (problems.length > 0 && serverless.processedInput.commands.some((command) => creating.includes(command)))
          throw new serverless.classes.Error(
            `The parameters do not fit:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
          );
        // --param gives text; CloudFormation would take it, what stands in for it on one machine does not.
        const { JobManagerService, TaskManagerService } = serverless.service.resources.Resources;
        JobManagerService.Properties.DesiredCount = Number(parameters.jobManagers);
        TaskManagerService.Properties.DesiredCount = Number(parameters.taskManagers);
      },
    };
  }
}

/** Everything wrong with these parameters, one line each; empty = fine. */
export const parameterProblems = (parameters: Parameters): string[] => {
  const { jobManagers, zookeeperQuorum, vpcId, subnetIds, assignPublicIp, clientEndpoints, stateUri } = parameters;
  const rules: readonly (readonly [holds: boolean, otherwise: string])[] = [
    [isWhole(jobManagers, 0), `jobManagers should be a whole number from 0, is '${jobManagers}'`],
    [
      !isWhole(jobManagers, 2) || zookeeperQuorum !== '',
      'jobManagers should be at most 1 without zookeeperQuorum: two would be two clusters',
    ],
    [
      zookeeperQuorum === '' || /^[\w.-]+:\d+(,[\w.-]+:\d+)*$/.test(zookeeperQuorum),
      `zookeeperQuorum should be host:port,host:port without spaces, is '${zookeeperQuorum}'`,
    ],
    [
      isWhole(parameters.taskManagers, 0),
      `taskManagers should be a whole number from 0, is '${parameters.taskManagers}'`,
    ],
    [isWhole(parameters.slots, 1), `slots should be a whole number from 1, is '${parameters.slots}'`],
    [/^\S+$/.test(parameters.image), `image should be the name of a Flink image, is '${parameters.image}'`],
    [
      isSameVersion(parameters.image, parameters.s3Plugin),
      `s3Plugin should be of the image's version, is '${parameters.s3Plugin}' beside '${parameters.image}'`,
    ],
    [vpcId === '' || /^vpc-[0-9a-f]+$/.test(vpcId), `vpcId should look like vpc-0123abcd, is '${vpcId}'`],
    [
      /^(subnet-[0-9a-f]+(,subnet-[0-9a-f]+)*)?$/.test(subnetIds),
      `subnetIds should be subnet-… separated by commas only, is '${subnetIds}'`,
    ],
    [(vpcId === '') === (subnetIds === ''), 'vpcId and subnetIds should be given together'],
    [
      ['ENABLED', 'DISABLED'].includes(assignPublicIp),
      `assignPublicIp should be ENABLED or DISABLED, is '${assignPublicIp}'`,
    ],
    [
      ['true', 'false'].includes(String(clientEndpoints)),
      `clientEndpoints should be true or false, is '${clientEndpoints}'`,
    ],
    [
      vpcId === '' || String(clientEndpoints) !== 'true',
      'clientEndpoints is for the network made here: a given VPC has its own',
    ],
    // The image drops every space of its settings.
    [
      /^[a-z][a-z0-9+.-]*:\S+[^\s/]$/.test(stateUri),
      `stateUri should be a URI without spaces and without a / at its end, is '${stateUri}'`,
    ],
  ];
  return rules.filter(([holds]) => !holds).map(([, otherwise]) => otherwise);
};

type Parameters = {
  readonly image: string;
  readonly s3Plugin: string;
  readonly jobManagers: string | number;
  readonly zookeeperQuorum: string;
  readonly taskManagers: string | number;
  readonly slots: string | number;
  readonly vpcId: string;
  readonly subnetIds: string;
  readonly assignPublicIp: string;
  readonly clientEndpoints: string | boolean;
  readonly stateUri: string;
};

/** What of the framework is used here. */
type Serverless = {
  readonly configurationInput: { readonly custom: { readonly parameters: Parameters } };
  readonly processedInput: { readonly commands: readonly string[] };
  readonly service: {
    readonly resources: {
      readonly Resources: Readonly<Record<'JobManagerService' | 'TaskManagerService', Service>>;
    };
  };
  readonly classes: { readonly Error: new (message: string) => Error };
};

type Service = { readonly Properties: { DesiredCount: unknown } };

/** `remove`, `info` and `print` work whatever the parameters are. */
const creating = ['deploy', 'package'];

/** Where both name a full version: the image holds plugins of its own version only. */
const isSameVersion = (image: string, plugin: string): boolean => {
  const [ofImage, ofPlugin] = [/:(\d+\.\d+\.\d+)/.exec(image)?.[1], /-(\d+\.\d+\.\d+)\.jar$/.exec(plugin)?.[1]];
  return ofImage === undefined || ofPlugin === undefined || ofImage === ofPlugin;
};

const isWhole = (value: string | number, least: number): boolean =>
  /^\d+$/.test(String(value)) && Number(value) >= least;
