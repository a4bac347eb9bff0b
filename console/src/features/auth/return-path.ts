/** The place to go to after signing in: only a path of this console, never another site. */
export function safeReturnPath(candidate: unknown): string {
  if (typeof candidate !== 'string' || !candidate.startsWith('/') || /^\/[/\\]/.test(candidate)) return '/';
  return candidate.startsWith('/sign-in') ? '/' : candidate;
}
