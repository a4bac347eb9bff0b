import { resendableAt, resendObstacle, type SentMessage } from '../../conversations/resending.js';
import { NotRetryableError } from '../outbound.errors.js';

const REFUSALS: Readonly<Record<Exclude<ReturnType<typeof resendObstacle>, null>, string>> = {
  sender: 'Only what an agent wrote can be sent again.',
  resent: 'This message was sent again already.',
  waiting: 'This message is on its way or has arrived.',
  permanent: 'Sending the same message again cannot help.',
  later: 'It is too early to send this message again.',
};

/** @throws NotRetryableError why a message may not go out once more at `now`, and from when on it may */
export function assertResendable(original: SentMessage, now: Date): void {
  const obstacle = resendObstacle(original, now);
  if (obstacle) throw new NotRetryableError(REFUSALS[obstacle], resendableAt(original));
}
