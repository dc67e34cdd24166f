/** List prices of us-east-1 in US dollars, without the free quotas of an account where it does not say so. */
export const PRICES = {
  lambdaGbSecondArm: 0.0000133334,
  lambdaMillionRequests: 0.2,
  dynamoMillionWrites: 0.625,
  dynamoMillionReads: 0.125,
  s3ThousandReads: 0.0004,
  s3ThousandLists: 0.005,
  logsGbIngested: 0.5,
  logsGbStored: 0.03,
  alarm: 0.1,
  metric: 0.3,
} as const;

/** What one scheduled look takes, measured. */
export type Look = {
  readonly name: string;
  readonly clusters: number;
  readonly jobs: number;
  /** Seconds at 256 MB. */
  readonly seconds: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly logBytes: number;
  /** Requests for jars, each of which is looked at once. */
  readonly jars: number;
};

/** One line of the bill of a month, with how it comes about. */
export type Line = { readonly what: string; readonly how: string; readonly dollars: number };

/** Looks of a month of 730 hours. */
const LOOKS = 43_800;
const MEMORY_GB = 0.25;
const ALARMS = 7;
/** `logRetentionInDays`, unless told. */
const KEPT_MONTHS = 1;

/** A month in which nothing happens: what happens costs next to nothing beside it. */
export const monthOf = (look: Look): readonly Line[] => {
  const { seconds, writeUnits, readUnits, logBytes, jars } = look;
  const gigabytes = (LOOKS * logBytes) / 1e9;
  return [
    line(
      'Lambda, time',
      `${LOOKS_TEXT} × ${seconds} s × ${MEMORY_GB} GB × ${PRICES.lambdaGbSecondArm}`,
      LOOKS * seconds * MEMORY_GB * PRICES.lambdaGbSecondArm,
    ),
    line(
      'Lambda, requests',
      `${LOOKS_TEXT} × ${PRICES.lambdaMillionRequests} / million`,
      (LOOKS / 1e6) * PRICES.lambdaMillionRequests,
    ),
    line(
      'DynamoDB, writes',
      `${LOOKS_TEXT} × ${writeUnits} units × ${PRICES.dynamoMillionWrites} / million`,
      ((LOOKS * writeUnits) / 1e6) * PRICES.dynamoMillionWrites,
    ),
    line(
      'DynamoDB, reads',
      `${LOOKS_TEXT} × ${readUnits} units × ${PRICES.dynamoMillionReads} / million`,
      ((LOOKS * readUnits) / 1e6) * PRICES.dynamoMillionReads,
    ),
    line(
      'S3, jars',
      `${LOOKS_TEXT} × ${jars} × ${PRICES.s3ThousandReads} / thousand`,
      ((LOOKS * jars) / 1e3) * PRICES.s3ThousandReads,
    ),
    line(
      'logs',
      `${LOOKS_TEXT} × ${logBytes} bytes × (${PRICES.logsGbIngested} + ${PRICES.logsGbStored}) / GB`,
      gigabytes * (PRICES.logsGbIngested + KEPT_MONTHS * PRICES.logsGbStored),
    ),
    line('alarms', `${ALARMS} × ${PRICES.alarm.toFixed(2)}`, ALARMS * PRICES.alarm),
  ];
};

const LOOKS_TEXT = '43,800';

const line = (what: string, how: string, dollars: number): Line => ({ what, how, dollars });

export const totalOf = (lines: readonly Line[]): number => lines.reduce((sum, { dollars }) => sum + dollars, 0);

/** The table of the page. */
export const costTable = (look: Look): string => {
  const lines = monthOf(look);
  const total = totalOf(lines);
  const perCluster = look.clusters === 1 ? [] : [`| **for each cluster** | | **${money(total / look.clusters)}** |`];
  return [
    `| ${look.name} | how | $ a month |`,
    '|---|---|---|',
    ...lines.map(({ what, how, dollars }) => `| ${what} | ${how} | ${money(dollars)} |`),
    `| **all** | | **${money(total)}** |`,
    ...perCluster,
  ].join('\n');
};

const money = (dollars: number): string => dollars.toFixed(2);
