import { resolve } from 'node:path';
import type { Manifest } from '../lib/core/model.ts';
import { afterDeploy, outputsOf } from './after-deploy.ts';
import { alarmResources } from './alarms.ts';
import { alertResources } from './alerts.ts';
import { bundle } from './bundle.ts';
import { dashboardOutput, dashboardResources } from './dashboard.ts';
import { deliveryResources } from './dead-letters.ts';
import { deployedMemory } from './deployed-memory.ts';
import { type Options, optionsOf } from './options.ts';
import type { FunctionDefinition, PluginUtils, Resource, Serverless } from './osls.ts';
import { permissionResources } from './permissions.ts';
import { readManifest } from './read-manifest.ts';
import { type Memories, withRecordedJobs } from './recorded-jobs.ts';
import { taskStartedEvents } from './rules.ts';
import { attachTable } from './table.ts';
import { zip } from './zip.ts';

/** Commands that make functions; all others (`remove`, `info`, `print`) must work with any manifest. */
const BUILDING = ['package', 'deploy', 'deploy function'];

/**
 * The deploy plugin: checks flink-jobs.yml, makes the rules and permissions that follow from it, and bundles each function.
 * FLINK_AUTOPILOT_BUILD_DIR puts all that is written below another folder, so that two deploys from one checkout never meet.
 */
export default class AutopilotPlugin {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;
  readonly #serverless: Serverless;
  #manifest: Manifest = { namespace: '', clusters: [] };
  #options: Options = optionsOf({});
  #permissions: Readonly<Record<string, Resource>> = {};

  readonly #say: (line: string) => void;

  constructor(serverless: Serverless, _options: unknown, { log }: PluginUtils) {
    this.#serverless = serverless;
    this.#say = (line) => log.notice(line);
    this.hooks = {
      initialize: () => this.#prepare(),
      'before:package:createDeploymentArtifacts': () => this.#packageFunctions(Object.keys(this.#functions)),
      'after:aws:package:finalize:mergeCustomProviderResources': async () => this.#completeTemplate(),
      'before:deploy:function:packageFunction': () => this.#packageOneFunction(),
      'after:aws:info:gatherData': async () => this.#showWhatMatters(),
    };
  }

  get #functions(): Readonly<Record<string, FunctionDefinition>> {
    return this.#serverless.service.functions;
  }

  get #stack(): string {
    return `${this.#serverless.service.service}-${this.#serverless.getProvider('aws').getStage()}`;
  }

  async #prepare(): Promise<void> {
    const { processedInput, serviceDir } = this.#serverless;
    const isMade = processedInput.commands[0] === 'deploy' && processedInput.options.package !== undefined;
    if (BUILDING.includes(processedInput.commands.join(' ')) && !isMade) await this.#configure();
    const buildDir = process.env.FLINK_AUTOPILOT_BUILD_DIR;
    if (buildDir !== undefined && buildDir !== '') this.#serverless.serviceDir = resolve(serviceDir, buildDir);
  }

  async #configure(): Promise<void> {
    const { service, serviceDir, classes } = this.#serverless;
    const settings = service.custom?.autopilot ?? {};
    try {
      this.#options = optionsOf(settings);
      this.#manifest = await readManifest(serviceDir, settings.manifest, this.#stack, { say: this.#say });
      const readable = withRecordedJobs(this.#manifest, await this.#memories());
      this.#permissions = permissionResources(readable, this.#functions, this.#options);
    } catch (error) {
      // The framework prints the text of its own errors alone, of all others the stack.
      throw new classes.Error(error instanceof Error ? error.message : String(error), 'AUTOPILOT_CONFIGURATION');
    }
    const { vpc, logRetentionInDays, memorySize } = this.#options;
    if (vpc !== undefined) service.provider.vpc = vpc;
    service.provider.logRetentionInDays = logRetentionInDays;
    service.provider.memorySize = memorySize;
    this.#functions['task-started']?.events.push(...taskStartedEvents(this.#manifest.clusters));
  }

  /** What is remembered where a deploy goes to; a package goes nowhere yet. */
  async #memories(): Promise<Memories> {
    if (this.#serverless.processedInput.commands.join(' ') !== 'deploy') return {};
    const { table } = this.#options;
    const options = { table, clusters: this.#manifest.clusters, say: this.#say };
    return deployedMemory(this.#serverless.getProvider('aws'), options);
  }

  async #packageFunctions(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const definition = this.#functions[name];
      if (definition === undefined) continue;
      const dir = await bundle(name, this.#manifest, resolve(this.#serverless.serviceDir, '.serverless/bundles'));
      definition.package = { artifact: await zip(this.#serverless, dir, `${name}.zip`) };
    }
  }

  async #packageOneFunction(): Promise<void> {
    const { processedInput, service } = this.#serverless;
    const name = String(processedInput.options.function);
    await this.#packageFunctions([name]);
    const definition = this.#functions[name];
    const role = service.provider.remoteFunctionData?.Configuration.Role;
    // Roles of the stack have no fixed name that the framework could look up; code alone changes no role.
    if (definition !== undefined && role !== undefined) definition.role = role;
  }

  #completeTemplate(): void {
    const { provider } = this.#serverless.service;
    const template = provider.compiledCloudFormationTemplate;
    const { Resources, Outputs } = template;
    const alarms = alarmResources(this.#stack, this.#functions);
    const { metrics } = this.#options;
    const shown = { ...this.#manifest, functions: this.#functions, alarms: Object.keys(alarms), metrics };
    Object.assign(Resources, this.#permissions, alarms, dashboardResources(this.#stack, shown));
    Outputs.DashboardUrl = dashboardOutput;
    if (Resources.Alerts !== undefined) Object.assign(Resources, alertResources(this.#options, Resources.Alerts));
    const delivery = deliveryResources(Resources);
    Object.assign(Resources, delivery.Resources);
    Object.assign(Outputs, delivery.Outputs);
    const { table } = this.#options;
    if (table !== undefined) provider.compiledCloudFormationTemplate = attachTable(template, table);
  }

  /** At the end of `deploy` and `info`. */
  #showWhatMatters(): void {
    const provider = this.#serverless.getProvider('aws');
    const { email } = this.#options;
    const place = {
      stage: provider.getStage(),
      region: provider.getRegion(),
      ...(email === undefined ? {} : { email }),
    };
    const sections = Object.entries(afterDeploy(outputsOf(this.#serverless), place));
    for (const [name, lines] of sections) this.#serverless.addServiceOutputSection(name, lines);
  }
}
