/**
 * Assignments of an update of `messages` (`m`) to this status: what was taken off the failure desk while nobody knew what
 * became of it was not taken off for what is known then, and comes back if it failed.
 */
export function unsettledBy(status: string): string {
  const isNews = `m.settled_as = 'dismissed' and m.status = 'unknown' and ${status} <> 'unknown'`;
  return `settled_at = case when ${isNews} then null else m.settled_at end,
    settled_as = case when ${isNews} then null else m.settled_as end`;
}
