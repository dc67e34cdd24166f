/** Limits of messages and where they go, each with its reason. Milliseconds unless the name says otherwise. */
export const tellingLimits = {
  /** Each webhook hears of everything, inside the time of a look. */
  webhooksMax: 5,
  /** One message to a webhook, and how long one that did not answer is left alone: it must not slow the looks down. */
  webhookCallMs: 3_000,
  webhookRestMs: 30_000,
  /** A webhook that refuses a message for good is tried again after this: each minute would be noise to whoever reads its log. */
  refusedAgainMs: 600_000,
  /** A webhook that takes no messages is told over the other channels after this: an outage of a minute is nobody's worry. */
  webhookFailingMs: 300_000,
  /** Changes told of one incident, and the least time between two messages of it after its opening. */
  updatesMax: 5,
  updateEveryMs: 900_000,
  /** What opens so often within this comes and goes: its end is told when it has not come back for so long, and nothing before. */
  flapsMax: 3,
  flapWithinMs: 3_600_000,
  flapStableMs: 1_800_000,
} as const;
