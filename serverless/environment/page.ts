import { type EnvironmentName, JOB_NAMES, SUBMISSION_NAMES, targetText } from './names.ts';

/** What docs/configuration.md says about references. */
export const REFERENCES_SECTION = `## References

| reference | where it may stand | when it is read |
| --- | --- | --- |
| \`$\{env:NAME}\` | in any value | When you deploy, from the environment of your shell. The deploy shows each name with its value and where it went. |
| \`$\{ssm:/path}\` | in \`args\`, values of \`flinkConfiguration\`, \`tls.ca\` and \`auth\` | At the moment it is needed, from the Parameter Store of Systems Manager. |
| \`$\{secret:name#key}\` | as \`$\{ssm:/path}\` | At the moment it is needed, from Secrets Manager: the key of a secret that is JSON. \`$\{secret:name}\` is the secret’s whole text. |

\`$$\{\` stands for a literal \`$\{\`, where secrets may stand. Anything else that begins with \`$\{\` is refused.
In YAML, a value with a reference inside \`[ ]\` or \`{ }\` needs quotes: \`args: [--bucket, '$\{env:BUCKET}']\`.

* An environment variable that is missing or empty stops the deploy. So does one whose name sounds like a secret (\`PASSWORD\`, \`SECRET\`, \`TOKEN\`, \`KEY\`, \`CREDENTIAL\`)
  or whose value is a URL with a password: the manifest travels inside the functions. Its value may itself be a reference to a secret.
* Passwords, tokens and keys of \`auth\` must be references, and so must secrets among Flink’s own keys (\`s3.secret-key\`, \`….key-password\`). They appear in no log line, item, alert or output.
* Arguments and configuration of a job can be seen in Flink’s own UI, resolved secrets too: where that is too much, give the
  containers their secrets by \`secrets\` of the ECS task definition, and let \`main()\` read them there.`;

/** … and about the names that set-ups by shell use. */
export const environmentSection = (): string => `## Environment names

The names of set-ups by shell are read from the environment of the shell that deploys. A name that is set but empty stops the deploy.

These act on any manifest:

${table(SUBMISSION_NAMES)}

These describe one job on one cluster, where the manifest has no clusters or is not there. \`FLINK_ECS_CLUSTER\`, \`FLINK_ECS_SERVICE\`
and \`JOB_JAR_PATH\` are needed then. Beside a manifest with clusters they are refused, each by its name, unless the manifest asks for
it by \`$\{env:NAME}\`. All but \`DATABASE_PASSWORD\` may be plain text; \`DATABASE_*\` and \`OUTPUT_PATH\` become named arguments, in this order.
What these names cannot say (\`state\`, \`slots\`, \`flinkName\`, a second job) a manifest can. To use them, take the example’s clusters out of \`flink-jobs.yml\`.

${table(JOB_NAMES)}`;

const table = (names: readonly EnvironmentName[]): string => {
  const rows = names.map(({ name, meaning, unit, target }) => [
    `\`${name}\``,
    meaning,
    unit,
    `\`${targetText(target)}\``,
  ]);
  const lines = [['name', 'meaning', 'unit', 'target'], ['---', '---', '---', '---'], ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
};
