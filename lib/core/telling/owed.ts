import type { Incident, Marks } from '../model.ts';

/** Some channel has heard of the opening of what is closed, and not of the end. */
export const isOwed = (incident: Incident): boolean =>
  [incident, ...Object.values(incident.channels ?? {})].some(isOwedTo);

/** What a closed incident leaves to the one that follows it: whom the end is still to be told. */
export const owed = (incident: Incident): Marks & Pick<Incident, 'channels'> => {
  const channels = Object.entries(incident.channels ?? {}).flatMap(([name, marks]) =>
    isOwedTo(marks) ? [[name, debt(incident, marks)] as const] : [],
  );
  return {
    ...(isOwedTo(incident) ? debt(incident, incident) : {}),
    ...(channels.length === 0 ? {} : { channels: Object.fromEntries(channels) }),
  };
};

type Owed<T> = T & { readonly openToldMs: number };

const isOwedTo = <T extends Marks>(marks: T): marks is Owed<T> =>
  marks.openToldMs !== undefined && marks.closeToldMs === undefined;

const debt = (
  { firstSeenMs, lastSeenMs, closedMs = lastSeenMs }: Incident,
  { openToldMs, ended, failure }: Owed<Marks>,
): Marks => ({
  openToldMs,
  ended: { firstSeenMs: ended?.firstSeenMs ?? firstSeenMs, closedMs },
  ...(failure === undefined ? {} : { failure }),
});
