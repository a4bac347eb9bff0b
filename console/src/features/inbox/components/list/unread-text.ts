const PILL_LIMIT = 99;

/** The text of the unread pill: the number, `99+` above it, nothing at zero. */
export function unreadText(count: number): string | null {
  if (count <= 0) return null;
  return count > PILL_LIMIT ? `${PILL_LIMIT}+` : String(count);
}
