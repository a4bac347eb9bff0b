import { z } from '@parley/contract';
import type { GraphReading } from '../../channels/graph-reader.js';
import { DomainError } from '../../common/domain.error.js';

/** Meta's codes of the block list (Cloud API, error codes). */
const SOME_FAILED = 139_100;
const LIST_FULL = 139_101;
const BUSY = new Set([139_102, 139_103]);

const failedSchema = z.object({
  block_users: z.object({
    failed_users: z.array(
      z.object({
        errors: z
          .array(z.object({ code: z.number().optional().catch(undefined), message: z.string().catch('') }))
          .catch([]),
      }),
    ),
  }),
});

/** 409: Meta lets a business block only who wrote to it within the last 24 hours. */
export const blockTooLate = (): DomainError =>
  new DomainError('contact.block_too_late', 409, 'Only who wrote within the last 24 hours can be blocked.');

/** 409: a group, or a customer of whom neither number nor user id is known. */
export const notBlockable = (): DomainError =>
  new DomainError('contact.not_blockable', 409, 'Nobody can be blocked here.');

/** What Meta's answer means; null = it did as asked. */
export function blockErrorOf(reading: GraphReading, isBlock: boolean): DomainError | null {
  if (reading.kind === 'answer') return null;
  if (reading.kind === 'unreachable') {
    return new DomainError('service.unavailable', 503, 'WhatsApp could not be reached.', { detail: reading.detail });
  }
  const { code, message } = reading;
  if (code === LIST_FULL)
    return new DomainError('contact.block_list_full', 409, 'The block list of this number is full.');
  if (BUSY.has(code)) return new DomainError('contact.block_busy', 503, 'WhatsApp is busy with the block list.');
  const failed = failedSchema.safeParse(reading.body).data?.block_users.failed_users.flatMap(({ errors }) => errors);
  // Meta documents no codes for a single user's failure; the window is the one reason that it names.
  if (isBlock && code === SOME_FAILED && failed?.some((one) => /24|hour|recent/i.test(one.message)))
    return blockTooLate();
  const detail = failed?.[0]?.message || message;
  return new DomainError('channel.graph_refused', 502, 'WhatsApp refused to change its block list.', { detail });
}
