import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { repeat } from '../../../local/agent/repeat.ts';
import { clientConfig } from '../../../local/aws.ts';
import { PRODUCT } from '../../../local/deploy/deployments.ts';
import type { World } from '../../../local/world.ts';
import { record } from './recording.ts';
import { readRoles } from './roles.ts';

/** Writes the roles of the product's functions into `file`, and again after each deploy, whoever deploys. */
export const followRoles = (world: World, file: string): { close(): Promise<void> } => {
  const formation = new CloudFormationClient(clientConfig(world.client));
  let known: string | undefined;
  let sinceMs = Date.now();
  const look = async (): Promise<void> => {
    const askedMs = Date.now();
    const state = await stackState(formation);
    if (state === undefined || state.includes('IN_PROGRESS')) return;
    if (state !== known) {
      const roles = await readRoles(world);
      record(file, { kind: 'roles', sinceMs, seenMs: Date.now(), roles });
    }
    known = state;
    sinceMs = askedMs;
  };
  const following = repeat(look, { pauseMs: EVERY_MS, failed: (error) => console.error(`the roles: ${error}`) });
  return {
    close: async () => {
      await following.stop();
      await look();
      formation.destroy();
    },
  };
};

/** One call each second is nothing beside those of the functions, and a deploy takes longer. */
const EVERY_MS = 1_000;

/** Another one after each change; undefined while there is no stack. */
const stackState = async (formation: CloudFormationClient): Promise<string | undefined> => {
  const { Stacks = [] } = await formation.send(new DescribeStacksCommand({}));
  const stack = Stacks.find(({ StackName }) => StackName === PRODUCT);
  return stack && `${stack.StackStatus} ${(stack.LastUpdatedTime ?? stack.CreationTime)?.toISOString()}`;
};
