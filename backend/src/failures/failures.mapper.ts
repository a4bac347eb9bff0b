import { type Failure, type FailureGroup, type ResendObstacle, shownContactName } from '@parley/contract';
import { FAILURE_ADVICE } from '../channels/failure-advice.js';
import { meaningOf, retryAfterSeconds } from '../channels/meta-errors.js';
import { toPreview } from '../conversations/conversations.mapper.js';
import { resendableAt, resendObstacle, UNKNOWN_RESENDABLE_AFTER_SECONDS } from '../conversations/resending.js';
import type { GroupRow, ItemRow } from './failures.repository.js';

/** Rows of one cause on several numbers become one group. What stops a whole number stands first, then what is most. */
export function toGroups(rows: readonly GroupRow[]): FailureGroup[] {
  const byCause = Map.groupBy(rows, ({ state, code }) => `${state} ${code}`);
  return [...byCause.values()]
    .map(toGroup)
    .sort(
      (left, right) =>
        Number(right.state === 'paused') - Number(left.state === 'paused') ||
        right.count - left.count ||
        right.newestAt.localeCompare(left.newestAt),
    );
}

function toGroup(rows: readonly GroupRow[]): FailureGroup {
  const [first] = rows;
  if (!first) throw new TypeError('a group of nothing');
  const { state, code } = first;
  const { reason, scope, title } = meaningOf(state === 'unknown' ? 'unconfirmed' : code);
  const isWaiting = state === 'paused' || state === 'limited';
  return {
    state,
    code,
    reason,
    scope,
    title,
    advice: FAILURE_ADVICE[reason],
    retryable: !isWaiting && rows.some(({ retryable }) => retryable),
    retryAfterSeconds: state === 'unknown' ? UNKNOWN_RESENDABLE_AFTER_SECONDS : retryAfterSeconds(code),
    count: rows.reduce((sum, { count }) => sum + count, 0),
    oldestAt: new Date(Math.min(...rows.map(({ oldestAt }) => oldestAt.getTime()))).toISOString(),
    newestAt: new Date(Math.max(...rows.map(({ newestAt }) => newestAt.getTime()))).toISOString(),
    channels: rows
      .map(({ channelId, channelName, count }) => ({ id: channelId, name: channelName, count }))
      .sort((left, right) => right.count - left.count || left.name.localeCompare(right.name)),
  };
}

/** One message on the desk; nothing of one that was deleted is shown. */
export function toFailure(row: ItemRow, now: Date): Failure {
  const { senderType, senderId, senderName } = row;
  const { contactName, contactUsername: username, contactPhone: phone, contactBsuid: bsuid } = row;
  const name = { agent: senderName ?? 'Unknown', bot: 'Bot', system: 'System', contact: 'Unknown' }[senderType];
  const obstacle = obstacleOf(row, now);
  return {
    conversationId: row.conversationId,
    message: {
      id: row.id,
      seq: row.seq,
      direction: 'outbound',
      sender: { type: senderType, id: senderId, name },
      type: row.type,
      preview: row.isRevoked ? '' : toPreview(row.body),
      status: row.status,
      ...(row.isRevoked && { revoked: true }),
      createdAt: row.eventAt.toISOString(),
    },
    contact:
      row.contactId === null
        ? { id: row.conversationId, name: '' }
        : { id: row.contactId, name: shownContactName({ name: contactName, username, phone, bsuid }) },
    channel: { id: row.channelId, name: row.channelName },
    assignee: row.assigneeId ? { id: row.assigneeId, name: row.assigneeName ?? 'Unknown' } : null,
    lastSeq: row.lastSeq,
    at: new Date(Math.floor(row.atMicros / 1_000)).toISOString(),
    detail: row.error?.detail ?? null,
    obstacle,
    retryAt: obstacle === 'later' ? (resendableAt({ ...row, isResent: false })?.toISOString() ?? null) : null,
  };
}

/** What the message says first, then what stands between it and the customer. */
function obstacleOf(row: ItemRow, now: Date): ResendObstacle | null {
  const own = resendObstacle({ ...row, isResent: false }, now);
  if (own) return own;
  if (row.isBlocked) return 'blocked';
  const isOpen = row.windowExpiresAt !== null && row.windowExpiresAt > now;
  if (!isOpen && row.type !== 'template') return 'window';
  if (row.isUnwanted) return 'marketing';
  return row.isStopped ? 'number' : null;
}
