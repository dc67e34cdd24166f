import { type Grant, grantOf, keyGrantsOf, type Need } from './iam/evaluate.ts';
import { keyNeedsOf, needsOf } from './iam/needs.ts';
import { partsOf, usedParts } from './iam/parts.ts';
import { platformNeeds } from './iam/platform.ts';
import { misfits } from './model/check.ts';
import { type Decoded, decode } from './model/decode.ts';
import type { Models } from './model/model.ts';
import type { RecordedCall, RecordedRoles, Recording } from './recording.ts';
import type { Role, Roles } from './roles.ts';

/** What is wrong with the calls of one or more recordings and with the roles they were made with. */
export const judge = (models: Models, recordings: readonly Recording[]): Judgement => {
  const findings = recordings.flatMap((recording) => judgeOne(models, recording));
  const textsOf = (kind: Finding['kind']) =>
    [...new Set(findings.filter((one) => one.kind === kind).map(({ text }) => text))].toSorted();
  const used = new Set(textsOf('used'));
  return {
    misfits: textsOf('misfit'),
    refused: textsOf('refused'),
    tooWide: textsOf('too wide'),
    unused: textsOf('given').filter((part) => !used.has(part)),
    calls: recordings.flatMap(({ lines }) => lines).filter(({ kind }) => kind === 'call').length,
  };
};

/** Lines for a person; an empty list = nothing is wrong. */
export type Judgement = {
  /** Requests that AWS would not understand. */
  readonly misfits: readonly string[];
  /** What a role does not allow, and a function did, or Lambda does for it. */
  readonly refused: readonly string[];
  /** What is allowed by a wildcard that no call needs. */
  readonly tooWide: readonly string[];
  /** What roles allow and nobody did. Of worth only for all recordings of a whole run. */
  readonly unused: readonly string[];
  readonly calls: number;
};

type Finding = {
  readonly kind: 'misfit' | 'refused' | 'too wide' | 'given' | 'used';
  readonly text: string;
};

const judgeOne = (models: Models, { name, lines }: Recording): readonly Finding[] => {
  const roles = lines.filter((line) => line.kind === 'roles');
  const calls = lines.filter((line) => line.kind === 'call');
  return [
    ...calls.flatMap((call) => judgeCall(models, name, call, rolesAt(roles, call.atMs))),
    ...roles.flatMap((one) => Object.entries(one.roles).flatMap(([caller, role]) => judgeRole(name, caller, role))),
  ];
};

/** Those that were surely in force; around a deploy both the former and the new ones may have been. */
const rolesAt = (recorded: readonly RecordedRoles[], atMs: number): readonly Roles[] => {
  const begun = recorded.filter(({ sinceMs }) => sinceMs <= atMs);
  const surely = begun.findLastIndex(({ seenMs }) => seenMs <= atMs);
  return begun.slice(Math.max(surely, 0)).map(({ roles }) => roles);
};

const judgeCall = (models: Models, name: string, call: RecordedCall, roles: readonly Roles[]): readonly Finding[] => {
  const where = `${name}, ${call.caller || 'nobody'}`;
  try {
    const decoded = decode(models, call);
    const wrong = misfits(models, decoded);
    if (wrong.length === 0) return judgeNeeds(where, call.caller, decoded, roles);
    const asked = `${where}: ${decoded.service}:${decoded.operation}`;
    return wrong.map((text) => ({ kind: 'misfit', text: `${asked}${text}` }));
  } catch (error) {
    return [{ kind: 'misfit', text: `${where}: ${call.method} ${call.url}: ${error}` }];
  }
};

const judgeNeeds = (where: string, caller: string, decoded: Decoded, roles: readonly Roles[]): readonly Finding[] => {
  const statements = roles.flatMap((one) => one[caller]?.statements ?? []);
  const keys = keyNeedsOf(decoded).flatMap((need) => keyGrantsOf(statements, need));
  return [
    ...needsOf(decoded).flatMap((need) => judgeNeed(where, caller, need, roles)),
    ...keys.flatMap((grant) => usedParts(caller, grant)).map((text): Finding => ({ kind: 'used', text })),
  ];
};

const judgeNeed = (where: string, caller: string, need: Need, roles: readonly Roles[]): readonly Finding[] => {
  const grants = roles.flatMap((one) => grantOf(one[caller]?.statements ?? [], need) ?? []);
  const [grant] = grants;
  if (grant === undefined) return [{ kind: 'refused', text: `${where}: ${need.action} on ${need.resource}` }];
  const used = usedParts(caller, grant).map((text): Finding => ({ kind: 'used', text }));
  return isTooWide(grant, need) ? [...used, { kind: 'too wide', text: `${where}: ${wideText(grant, need)}` }] : used;
};

const isTooWide = ({ action, resource }: Grant, need: Need): boolean =>
  /[*?]/.test(action) || (resource === '*' && need.resource !== '*');

const wideText = ({ statement, action, resource }: Grant, need: Need): string =>
  `${statement.name} allows ${action} on ${resource}, needed is ${need.action} on ${need.resource}`;

/** What the role gives, and whether Lambda itself may do with it what it has to. */
const judgeRole = (name: string, caller: string, role: Role): readonly Finding[] => [
  ...role.statements.flatMap((one) => partsOf(caller, one)).map((text): Finding => ({ kind: 'given', text })),
  ...platformNeeds(caller, role).flatMap((need) =>
    judgeNeed(`${name}, Lambda for ${caller}`, caller, need, [{ [caller]: role }]),
  ),
];
