const SHAPE = /^\s*\+[\d\s().-]+$/;

/** A phone number with `+` and its country code: seven to fifteen digits (E.164), as the server takes it. */
export function isWholeNumber(text: string): boolean {
  const { length } = text.replace(/\D/g, '');
  return SHAPE.test(text) && length >= 7 && length <= 15;
}
