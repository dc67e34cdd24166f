import { type Problem, pathText, suggestion } from './problems.ts';
import { get, list } from './raw.ts';

const CYCLE_CHARS_MAX = 200;

/** `after` names other jobs of the same cluster, each once, and no job waits for itself, not over others either. */
export const orderProblems = (input: unknown): Problem[] =>
  list(input, 'clusters').flatMap((cluster, i) => {
    const jobs = list(cluster, 'jobs').map((job) => ({ name: get(job, 'name'), after: list(job, 'after') }));
    const names = jobs.map(({ name }) => name).filter((name) => typeof name === 'string');
    const waits = jobs.flatMap(({ name, after }, j) =>
      after.flatMap((other, k): Problem[] => {
        if (typeof other !== 'string') return [];
        const text = wrongName(other, name, names, after.indexOf(other) < k);
        return text === undefined ? [] : [{ path: pathText(['clusters', i, 'jobs', j, 'after', k]), text }];
      }),
    );
    return [...waits, ...cycles(jobs, (j) => pathText(['clusters', i, 'jobs', j, 'after']))];
  });

type Waiting = { readonly name: unknown; readonly after: readonly unknown[] };

const wrongName = (other: string, own: unknown, names: readonly string[], isRepeated: boolean): string | undefined => {
  const found = `found ${JSON.stringify(other.slice(0, 60))}`;
  if (isRepeated) return `${found} again; each may stand here once`;
  if (other === own) return `${found}, the job itself; expected other jobs of this cluster`;
  if (names.includes(other)) return undefined;
  const others = names.filter((name) => name !== own);
  return `${found}; expected another job of this cluster${others.length === 0 ? ', which has none' : `; ${suggestion(other, others)}`}`;
};

/** One problem for each circle of jobs that wait for each other, at the first of them. */
const cycles = (jobs: readonly Waiting[], pathOf: (j: number) => string): Problem[] => {
  const next = new Map(jobs.map(({ name, after }) => [name, after.filter((other) => other !== name)]));
  const told = new Set<unknown>();
  return jobs.flatMap(({ name }, j): Problem[] => {
    if (told.has(name)) return [];
    const circle = wayBack(name, next);
    if (circle === undefined) return [];
    for (const member of circle) told.add(member);
    const text = circle.map((one, n) => `${one} waits for ${circle[(n + 1) % circle.length]}`).join(', ');
    return [{ path: pathOf(j), text: `${text.slice(0, CYCLE_CHARS_MAX)}: none of them would ever be submitted` }];
  });
};

/** The shortest way from a job over those it waits for back to itself. */
const wayBack = (start: unknown, next: ReadonlyMap<unknown, readonly unknown[]>): unknown[] | undefined => {
  const ways: unknown[][] = [[start]];
  const seen = new Set<unknown>();
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    for (const other of next.get(way.at(-1)) ?? []) {
      if (other === start) return way;
      if (seen.has(other)) continue;
      seen.add(other);
      ways.push([...way, other]);
    }
  }
  return undefined;
};
