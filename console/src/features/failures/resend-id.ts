const DIGITS = /[0-9a-f]/gu;

/**
 * The `clientMessageId` of an agent's second try of a message: the same whenever it is asked for, in whatever tab, so
 * that a request whose answer was lost can be repeated and never sends twice. Of two agents each has their own.
 */
export function resendId(messageId: string, agentId: string): string {
  const other = agentId.toLowerCase().match(DIGITS) ?? [];
  let at = 0;
  const mixed = messageId.toLowerCase().replace(DIGITS, (digit) => {
    const mask = Number.parseInt(other[at] ?? '0', 16);
    at += 1;
    return (Number.parseInt(digit, 16) ^ mask).toString(16);
  });
  // Version 8, "of our own making", and the variant of RFC 9562: two ids that have both cancel them out.
  const variant = (8 | (Number.parseInt(mixed.charAt(19), 16) & 3)).toString(16);
  return `${mixed.slice(0, 14)}8${mixed.slice(15, 19)}${variant}${mixed.slice(20)}`;
}
