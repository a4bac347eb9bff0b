import type { Failure } from '@parley/contract';
import type { FailuresApi, GroupName } from './failures.api.js';

/** Far more than a person means by "all"; the rest comes with the next press. */
const MAX = 2_000;

/** All messages of a group as it stands now, the oldest first, so that customers' messages keep their order. */
export async function everyFailure(
  api: FailuresApi,
  group: GroupName,
  channel: string | null,
  isWanted: () => boolean = () => true,
): Promise<Failure[]> {
  const found: Failure[] = [];
  let cursor: string | null = null;
  do {
    const page = await api.list(group, channel, cursor);
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && found.length < MAX && isWanted());
  return found.slice(0, MAX).reverse();
}
