import type {
  FailureGroup,
  FailureGroupList,
  FailureList,
  Message,
  ResendMessage,
  SettledFailures,
  SettleFailures,
} from '@parley/contract';
import type { HttpClient } from '../../shared/http.js';

/** What names a group. */
export type GroupName = Pick<FailureGroup, 'state' | 'code'>;

/** Most messages of one page; as many are settled with one request. */
export const FAILURES_PAGE = 100;

/** The routes behind the failure desk, one method each. */
export const failuresApi = (http: HttpClient) => ({
  groups: (): Promise<FailureGroupList> => http.get('/failures'),
  list: (
    { state, code }: GroupName,
    channel: string | null,
    cursor: string | null,
    limit = FAILURES_PAGE,
  ): Promise<FailureList> => http.get('/failures/messages', { query: { state, code, channel, cursor, limit } }),
  dismiss: (settle: SettleFailures): Promise<SettledFailures> => http.post('/failures/dismiss', settle),
  restore: (settle: SettleFailures): Promise<SettledFailures> => http.post('/failures/restore', settle),
  resend: (conversationId: string, messageId: string, again: ResendMessage): Promise<Message> =>
    http.post(`/conversations/${conversationId}/messages/${messageId}/resend`, again),
});
export type FailuresApi = ReturnType<typeof failuresApi>;
