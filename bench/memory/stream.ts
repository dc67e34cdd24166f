import { readFileSync } from 'node:fs';
import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { awsClientOptions } from '../../lib/adapters/aws.ts';
import { createFlinkHttp } from '../../lib/adapters/flink-access.ts';
import { createFlinkRest } from '../../lib/adapters/flink-rest.ts';
import { createHttp } from '../../lib/adapters/http.ts';
import { createRedaction } from '../../lib/adapters/redaction.ts';
import { createS3Jars } from '../../lib/adapters/s3-jars.ts';
import { createSecrets } from '../../lib/adapters/secrets.ts';

/**
 * A process with all that a function has in its memory by then: the packaged function, every client, the adapters.
 * Streams one jar from S3 to Flink and prints the peak of its resident memory so far and how long the stream took.
 */
const [functionFile = '', s3Url = '', flinkUrl = '', sizeMb = ''] = process.argv.slice(2);
await import(functionFile);
const clients = [new ECSClient(awsClientOptions), new SNSClient(awsClientOptions)];
const client = new S3Client({ ...awsClientOptions, endpoint: s3Url, followRegionRedirects: true });
const clock = { nowMs: Date.now, sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)) };
const jars = createS3Jars({ clock, random: Math.random, client });
const redaction = createRedaction();
const noStore = async (): Promise<never> => {
  throw new Error('this cluster has no secrets');
};
const secrets = createSecrets({ stores: { ssm: noStore, secret: noStore }, redaction, nowMs: clock.nowMs });
const http = createFlinkHttp({ http: createHttp(clock.nowMs), secrets, redaction });
const flink = createFlinkRest({ http, openJar: jars.open, redact: redaction.redact });

const uri = `s3://bucket/${sizeMb}.jar`;
const startedAtMs = Date.now();
const deadlineMs = startedAtMs + 120_000;
const jar = await jars.look(uri, deadlineMs);
if (!jar.present) throw new Error(`${uri} is missing`);
await flink.upload({ url: flinkUrl }, { ...jar, uri }, deadlineMs);
const tookMs = Date.now() - startedAtMs;

/** Of this program alone: the peak that getrusage tells begins with that of whoever started it. */
const [, peakKb] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
console.log(JSON.stringify({ peakMb: Number(peakKb) / 1_024, tookMs }));
for (const each of [...clients, client]) each.destroy();
process.exit();
