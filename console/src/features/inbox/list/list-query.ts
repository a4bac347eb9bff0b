import type { Priority } from '@parley/contract';
import type { ListQuery } from '../inbox.api.js';

const PRIORITIES: readonly Priority[] = ['low', 'normal', 'high', 'urgent'];
/** `tag:refund`, `tag:"big order"`, `priority:high`: filters among the words of a search. */
const FILTER = /(?:^|\s)(tag|priority):(?:"([^"]*)"|(\S*))/giu;

/** What a search asks the server for; a filter that says nothing is left out, the other words are looked for. */
export function toListQuery(words: string): ListQuery {
  const query: ListQuery = {};
  const rest = words.replace(FILTER, (_whole, name: string, quoted: string | undefined, plain: string | undefined) => {
    const value = (quoted ?? plain ?? '').trim();
    if (name.toLowerCase() === 'tag' && value !== '') query.tag = value;
    const priority = PRIORITIES.find((one) => one === value.toLowerCase());
    if (name.toLowerCase() === 'priority' && priority) query.priority = priority;
    return ' ';
  });
  const q = rest.replace(/\s+/gu, ' ').trim();
  if (q !== '') query.q = q;
  return query;
}
