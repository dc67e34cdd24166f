import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod/mini';
import type { Samples } from '../../core/health/samples.ts';

/** Samples repeat themselves: a tenth is left of them. */
export const packSamples = (samples: Samples): Uint8Array => deflateRawSync(JSON.stringify(samples));

/** undefined for what is not there, or cannot be read: nothing rests on it but how soon a person is told. */
export const readSamples = (item: unknown): Samples | undefined => {
  const packed = itemSchema.safeParse(item);
  if (!packed.success) return undefined;
  try {
    const text = inflateRawSync(packed.data.samples, { maxOutputLength: UNPACKED_MAX_BYTES }).toString();
    const read = samplesSchema.safeParse(JSON.parse(text));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
};

/** An item holds 400 KB, which these would be by far. */
const UNPACKED_MAX_BYTES = 8_000_000;

const itemSchema = z.object({ schema: z.literal(1), samples: z.instanceof(Uint8Array) });
const count = z.number().check(z.nonnegative());
const ms = z.number();
const samplesSchema: z.ZodMiniType<Samples> = z.record(
  z.string(),
  z.object({
    jobId: z.string(),
    samples: z.array(
      z.object({
        atMs: ms,
        allRun: z.boolean(),
        restarts: z.exactOptional(count),
        completed: z.exactOptional(count),
        failed: z.exactOptional(count),
      }),
    ),
    progress: z.exactOptional(z.object({ completed: count, sinceMs: ms })),
    underWay: z.exactOptional(z.object({ id: count, sinceMs: ms })),
    failure: z.exactOptional(z.string()),
    exception: z.exactOptional(
      z.object({ atMs: ms, cause: z.string(), byCheckpoints: z.exactOptional(z.literal(true)), seenMs: ms }),
    ),
    causes: z.exactOptional(z.array(z.object({ id: z.string(), text: z.string(), firstMs: ms, lastMs: ms }))),
    newestMs: z.exactOptional(ms),
    still: z.exactOptional(z.object({ as: z.string(), sinceMs: ms })),
    flow: z.exactOptional(
      z.object({
        atMs: ms,
        flinkMs: ms,
        pressuredMs: z.array(ms),
        busyMs: z.exactOptional(z.array(ms)),
        shares: z.array(z.object({ fromMs: ms, atMs: ms, percent: ms })),
        words: z.exactOptional(z.string()),
      }),
    ),
    output: z.exactOptional(
      z.object({
        atMs: ms,
        newestMs: z.exactOptional(ms),
        hasGrown: z.exactOptional(z.literal(true)),
        records: count,
        readSinceMs: z.exactOptional(ms),
        readMs: z.exactOptional(ms),
        unseen: z.exactOptional(z.string()),
      }),
    ),
  }),
);
