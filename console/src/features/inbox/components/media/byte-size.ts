const UNITS = ['B', 'kB', 'MB'] as const;

/** 1.4 MB, 980 kB, 12 B: units of a thousand, one decimal below ten. */
export function byteSize(bytes: number, locale: string): string {
  const power = bytes < 1_000 ? 0 : bytes < 999_500 ? 1 : 2;
  const value = bytes / 1_000 ** power;
  const digits = value < 10 && power > 0 ? 1 : 0;
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: digits, numberingSystem: 'latn' });
  return `${number.format(value)} ${UNITS[power]}`;
}
