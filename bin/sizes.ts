const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `1.5 GB`: bytes in their largest unit, in thousands as S3 is billed. */
export const sized = (bytes: number): string => {
  const power = Math.max(
    0,
    UNITS.findLastIndex((_, index) => bytes >= 1_000 ** index),
  );
  const value = bytes / 1_000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[power]}`;
};
