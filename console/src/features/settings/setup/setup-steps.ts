import type { ChannelProgress, DoorAttempt, Setup } from '@parley/contract';

/** Each step says by itself where it stands: nobody ticks anything. */
export const stepKeys = ['admin', 'credentials', 'callback', 'message', 'reply', 'team'] as const;
export type StepKey = (typeof stepKeys)[number];
export type StepState = 'done' | 'now' | 'later';

/** What stands in the way of a step, by its name. */
export type SetupFault =
  | { kind: 'wrong_token' | 'malformed' | 'signature_bad' | 'signature_missing'; attempt: DoorAttempt }
  | { kind: 'other_number'; phoneNumberId: string }
  | { kind: 'silence' }
  | { kind: 'send_failed'; code: number | null; title: string }
  | { kind: 'unsent' };

export interface SetupStep {
  key: StepKey;
  state: StepState;
  fault: SetupFault | null;
}

/** Meta posts within seconds; a minute without anything is no delay any more. */
export const SILENCE_MS = 60_000;
/** A try that lies further back says nothing about what is wrong now. */
const RECENT_MS = 15 * 60_000;
const DELIVERED = new Set(['delivered', 'read', 'played']);

/** The steps of one number; `waitingSinceMs` is when this page began to wait for its message. */
export function stepsOf(
  setup: Setup,
  channel: ChannelProgress | null,
  nowMs: number,
  waitingSinceMs: number,
): SetupStep[] {
  const isDone: Record<StepKey, boolean> = {
    admin: setup.admins > 0,
    credentials: channel?.hasToken ?? false,
    // What has come in came by this address, whether or not the handshake is remembered.
    callback: [setup.lastHandshakeAt, setup.lastDeliveryAt, channel?.firstMessageAt ?? null].some((at) => at !== null),
    message: channel !== null && channel.firstMessageAt !== null,
    reply: channel !== null && channel.firstDeliveredAt !== null,
    team: setup.agents > 1,
  };
  const first = stepKeys.find((key) => !isDone[key]);
  return stepKeys.map((key) => ({
    key,
    state: isDone[key] ? 'done' : key === first ? 'now' : 'later',
    fault: isDone[key] || key !== first ? null : faultOf(key, setup, channel, nowMs, waitingSinceMs),
  }));
}

function faultOf(
  key: StepKey,
  setup: Setup,
  channel: ChannelProgress | null,
  nowMs: number,
  waitingSinceMs: number,
): SetupFault | null {
  const recent = setup.attempts.filter(({ at }) => Date.parse(setup.now) - Date.parse(at) < RECENT_MS);
  if (key === 'callback') {
    const [last] = recent.filter(({ kind }) => kind.startsWith('handshake'));
    if (last?.kind === 'handshake_wrong_token') return { kind: 'wrong_token', attempt: last };
    return last?.kind === 'handshake_malformed' ? { kind: 'malformed', attempt: last } : null;
  }
  if (key === 'message') {
    const unsigned = recent.find(
      ({ kind, phoneNumberId }) =>
        kind.startsWith('signature') && (phoneNumberId === null || phoneNumberId === channel?.phoneNumberId),
    );
    if (unsigned) {
      return { kind: unsigned.kind === 'signature_bad' ? 'signature_bad' : 'signature_missing', attempt: unsigned };
    }
    const stray = setup.unrouted.find(({ lastAt }) => Date.parse(setup.now) - Date.parse(lastAt) < RECENT_MS);
    if (stray) return { kind: 'other_number', phoneNumberId: stray.phoneNumberId };
    return nowMs - waitingSinceMs >= SILENCE_MS ? { kind: 'silence' } : null;
  }
  if (key === 'reply' && channel?.reply) {
    const { status, error } = channel.reply;
    if (status === 'failed') return { kind: 'send_failed', code: error?.code ?? null, title: error?.title ?? '' };
    if (!DELIVERED.has(status) && nowMs - Date.parse(channel.reply.at) >= SILENCE_MS) return { kind: 'unsent' };
  }
  return null;
}
