import type { Statement } from './iam/policy.ts';
import type { RecordedCall, Recording } from './recording.ts';

/** The same recordings with other roles: each statement becomes those that `change` gives. */
export const withRoles = (
  recordings: readonly Recording[],
  change: (statement: Statement) => readonly Statement[],
): readonly Recording[] =>
  withLines(recordings, (line) => {
    if (line.kind === 'call') return line;
    const roles = Object.entries(line.roles).map(([name, role]) => [
      name,
      { ...role, statements: role.statements.flatMap(change) },
    ]);
    return { ...line, roles: Object.fromEntries(roles) };
  });

/** The same recordings with other requests, where they are JSON. */
export const withRequests = (
  recordings: readonly Recording[],
  change: (input: Readonly<Record<string, unknown>>) => object,
): readonly Recording[] =>
  withLines(recordings, (line) =>
    line.kind === 'call' && isJson(line) ? { ...line, body: JSON.stringify(change(JSON.parse(line.body))) } : line,
  );

/** All actions that the roles of the recordings allow. */
export const actionsIn = (recordings: readonly Recording[]): readonly string[] => {
  const actions = recordings.flatMap(({ lines }) =>
    lines.flatMap((line) =>
      line.kind === 'roles'
        ? Object.values(line.roles).flatMap(({ statements }) => statements.flatMap((one) => one.actions))
        : [],
    ),
  );
  return [...new Set(actions)].toSorted();
};

const withLines = (
  recordings: readonly Recording[],
  change: (line: Recording['lines'][number]) => Recording['lines'][number],
): readonly Recording[] => recordings.map(({ name, lines }) => ({ name, lines: lines.map(change) }));

const isJson = ({ headers }: RecordedCall): boolean => headers['x-amz-target'] !== undefined;
