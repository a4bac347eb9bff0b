const MICROS = 1_000_000n;
const MICRO_DIGITS = 6;
const MIN_DIGITS = 2;

/** Units of a currency as decimal text, `0.0625`, in millionths; exact. The text was checked by the contract. */
export function microsOf(amount: string): bigint {
  const [units = '0', fraction = ''] = amount.split('.');
  return BigInt(units) * MICROS + BigInt(fraction.padEnd(MICRO_DIGITS, '0'));
}

/** Millionths, as the database gives them, in decimal text with two places or as many as it takes. */
export function amountOf(micros: string): string {
  const value = BigInt(micros);
  const fraction = (value % MICROS).toString().padStart(MICRO_DIGITS, '0');
  return `${value / MICROS}.${fraction.slice(0, MIN_DIGITS)}${fraction.slice(MIN_DIGITS).replace(/0+$/, '')}`;
}
