import type { ChannelCheck, ChannelCheckName, ChannelFault, ChannelReport } from '@parley/contract';
import { z } from '@parley/contract';
import { clip, toStorable } from '../common/storable.js';
import type { GraphReading } from './graph-reader.js';
import { COEXISTENCE } from './pace.js';

/** What Graph answered to each question; null = not asked. */
export interface ChannelReadings {
  token: GraphReading;
  number: GraphReading;
  /** The number again with the app secret's proof; null when there is no secret to prove. */
  proof: GraphReading | null;
  account: GraphReading;
  subscription: GraphReading;
  /** Whether the number is used on the phone app too; asked apart, as older versions of Graph do not know the field. */
  app?: GraphReading;
}

export interface ReportSubject {
  phoneNumberId: string;
  callbackUrl: string;
  /** The environment holds app secrets, which count for every number. */
  hasSharedSecret: boolean;
  now: Date;
}

/** Meta: permissions of the Cloud API. Sending needs the first, everything else here the second. */
export const REQUIRED_SCOPES = ['whatsapp_business_messaging', 'whatsapp_business_management'];
const TOKEN_REFUSED = new Set([0, 104, 190]);
/** Subcodes of 190: the session or token has run out (Graph API, handling errors). */
const EXPIRED_SUBCODES = new Set([463, 467]);
/** An object that does not exist, or that this token may not see (Graph: 100 with 33, 33, 803). */
const UNKNOWN_OBJECT = new Set([33, 100, 803]);
const MAX_HEALTH_DETAIL_CHARS = 500;
const SOON_MS = 7 * 24 * 3_600_000;

const text = z.string().optional().catch(undefined);
const debugSchema = z.object({
  data: z.object({
    is_valid: z.boolean(),
    app_id: text,
    expires_at: z.number().optional().catch(undefined),
    scopes: z.array(z.string()).catch([]),
    error: z.object({ code: z.number(), subcode: z.number().optional(), message: z.string().catch('') }).optional(),
  }),
});
/** What of number, account, business and app keeps messages back, and why (Meta: health status). */
const healthEntitySchema = z.object({
  can_send_message: text,
  errors: z.array(z.object({ error_description: text, possible_solution: text })).catch([]),
  additional_info: z.array(z.string()).catch([]),
});
const numberSchema = z.object({
  display_phone_number: text,
  verified_name: text,
  quality_rating: text,
  status: text,
  platform_type: text,
  code_verification_status: text,
  whatsapp_business_manager_messaging_limit: text,
  throughput: z.object({ level: text }).optional().catch(undefined),
  name_status: text,
  health_status: z
    .object({ can_send_message: text, entities: z.array(healthEntitySchema).catch([]) })
    .optional()
    .catch(undefined),
});
const appSchema = z.object({ is_on_biz_app: z.boolean(), platform_type: text });
const idsSchema = z.object({
  data: z.array(z.object({ id: z.string() })),
  paging: z.object({ next: z.string() }).optional().catch(undefined),
});
const subscriptionsSchema = z.object({
  data: z.array(
    z.object({
      whatsapp_business_api_data: z.object({ id: text }).optional().catch(undefined),
      override_callback_uri: text,
    }),
  ),
});

type Verdict = Omit<ChannelCheck, 'name'>;
const ok: Verdict = { state: 'ok', fault: null, detail: null };
const skipped: Verdict = { state: 'skipped', fault: null, detail: null };
const failed = (fault: ChannelFault, detail: string | null = null): Verdict => ({ state: 'failed', fault, detail });
const warning = (fault: ChannelFault, detail: string | null = null): Verdict => ({ state: 'warning', fault, detail });

/** Turns what Graph said into named checks, each with its one cause; pure, so that every fault has a test. */
export function reportOf(readings: ChannelReadings, subject: ReportSubject): ChannelReport {
  const debug = parsed(debugSchema, readings.token)?.data;
  const number = parsed(numberSchema, readings.number);
  const app = readings.app && parsed(appSchema, readings.app);
  const isOnApp = app?.is_on_biz_app === true && app.platform_type === 'CLOUD_API';
  const token = tokenVerdict(readings, debug, subject.now);
  const isTokenGood = token.state !== 'failed';
  const after = (verdict: () => Verdict): Verdict => (isTokenGood ? verdict() : skipped);
  const verdicts: Record<ChannelCheckName, Verdict> = {
    token,
    scopes: after(() => scopesVerdict(debug)),
    app_secret: after(() => secretVerdict(readings, subject)),
    number: after(() => (number ? ok : refusalOf(readings.number, 'number_unknown'))),
    registration: number ? registrationVerdict(number) : skipped,
    account: after(() => accountVerdict(readings.account, subject.phoneNumberId)),
    subscription: after(() => subscriptionVerdict(readings.subscription, debug?.app_id, subject.callbackUrl)),
    quality: number ? (number.quality_rating === 'RED' ? warning('quality_low') : ok) : skipped,
  };
  const checks = Object.entries(verdicts).map(([name, verdict]) => ({ name: name as ChannelCheckName, ...verdict }));
  return {
    checkedAt: subject.now.toISOString(),
    healthy: checks.every(({ state }) => state !== 'failed'),
    checks,
    facts: {
      displayPhoneNumber: number?.display_phone_number ?? null,
      verifiedName: number?.verified_name ?? null,
      quality: number?.quality_rating ?? null,
      messagingLimit: number?.whatsapp_business_manager_messaging_limit ?? null,
      throughput: isOnApp ? COEXISTENCE : (number?.throughput?.level ?? null),
      tokenExpiresAt: expiryOf(debug)?.toISOString() ?? null,
      scopes: debug?.scopes ?? null,
      status: number?.status ?? null,
      nameStatus: number?.name_status ?? null,
      verification: number?.code_verification_status ?? null,
      canSend: number?.health_status?.can_send_message ?? null,
      canSendDetail: healthDetailOf(number),
    },
  };
}

/** Why messages are kept back, in Meta's words. */
function healthDetailOf(number: z.infer<typeof numberSchema> | undefined): string | null {
  const held = number?.health_status?.entities.filter((one) => one.can_send_message !== 'AVAILABLE') ?? [];
  const said = held.flatMap(({ errors, additional_info: more }) => [
    ...errors.flatMap(({ error_description: what, possible_solution: remedy }) => [what, remedy]),
    ...more,
  ]);
  return clip(toStorable([...new Set(said.filter(Boolean))].join(' ')), MAX_HEALTH_DETAIL_CHARS) || null;
}

/** The report of a number that has no token to ask with. */
export function reportWithoutToken(now: Date): ChannelReport {
  const names: ChannelCheckName[] = ['scopes', 'app_secret', 'number', 'registration', 'account', 'subscription'];
  return {
    checkedAt: now.toISOString(),
    healthy: false,
    checks: [
      { name: 'token', ...failed('token_missing') },
      ...[...names, 'quality' as const].map((name) => ({ name, ...skipped })),
    ],
    facts: {
      displayPhoneNumber: null,
      verifiedName: null,
      quality: null,
      messagingLimit: null,
      throughput: null,
      tokenExpiresAt: null,
      scopes: null,
      status: null,
      nameStatus: null,
      verification: null,
      canSend: null,
      canSendDetail: null,
    },
  };
}

type Debug = z.infer<typeof debugSchema>['data'];

function tokenVerdict({ token, number }: ChannelReadings, debug: Debug | undefined, now: Date): Verdict {
  const unreachable = [token, number].find(({ kind }) => kind === 'unreachable');
  if (unreachable?.kind === 'unreachable') return failed('graph_unreachable', unreachable.detail);
  for (const reading of [token, number]) {
    if (reading.kind !== 'refused' || !TOKEN_REFUSED.has(reading.code)) continue;
    return failed(isExpiry(reading.subcode, reading.message) ? 'token_expired' : 'token_invalid', reading.message);
  }
  if (debug && !debug.is_valid) {
    const { subcode = null, message = '' } = debug.error ?? {};
    return failed(isExpiry(subcode, message) ? 'token_expired' : 'token_invalid', message || null);
  }
  const expiry = expiryOf(debug);
  if (expiry && expiry <= now) return failed('token_expired', expiry.toISOString());
  return expiry && expiry.getTime() - now.getTime() < SOON_MS ? warning('token_expires', expiry.toISOString()) : ok;
}

const isExpiry = (subcode: number | null, message: string): boolean =>
  (subcode !== null && EXPIRED_SUBCODES.has(subcode)) || /expired/i.test(message);

/** Seconds since 1970; 0 = never. */
const expiryOf = (debug: Debug | undefined): Date | null =>
  debug?.expires_at ? new Date(debug.expires_at * 1_000) : null;

function scopesVerdict(debug: Debug | undefined): Verdict {
  if (!debug) return warning('scopes_unknown');
  const missing = REQUIRED_SCOPES.filter((scope) => !debug.scopes.includes(scope));
  return missing.length === 0 ? ok : failed('scope_missing', missing.join(', '));
}

function secretVerdict({ proof }: ChannelReadings, { hasSharedSecret }: ReportSubject): Verdict {
  if (proof === null) return hasSharedSecret ? ok : failed('app_secret_missing');
  return proof.kind === 'refused' && /appsecret_proof/i.test(proof.message) ? failed('app_secret_wrong') : ok;
}

function registrationVerdict(number: z.infer<typeof numberSchema>): Verdict {
  const { status, platform_type: platform, code_verification_status: verification } = number;
  if ((status !== undefined && status !== 'CONNECTED') || platform === 'NOT_APPLICABLE') {
    const isUnverified = verification === 'NOT_VERIFIED' || verification === 'UNVERIFIED';
    return failed(isUnverified ? 'number_not_verified' : 'number_not_registered', status ?? null);
  }
  const canSend = number.health_status?.can_send_message;
  return canSend === 'BLOCKED' ? failed('number_blocked') : ok;
}

function accountVerdict(reading: GraphReading, phoneNumberId: string): Verdict {
  const page = parsed(idsSchema, reading);
  if (!page) return refusalOf(reading, 'account_unknown');
  // A longer list than one page does not say that the number is elsewhere.
  return page.data.some(({ id }) => id === phoneNumberId) || page.paging?.next !== undefined
    ? ok
    : failed('number_in_other_account');
}

function subscriptionVerdict(reading: GraphReading, appId: string | undefined, callbackUrl: string): Verdict {
  const page = parsed(subscriptionsSchema, reading);
  if (!page) return refusalOf(reading, 'account_unknown');
  const own = page.data.find((app) => appId === undefined || app.whatsapp_business_api_data?.id === appId);
  if (!own) return failed('not_subscribed');
  const elsewhere = own.override_callback_uri;
  return elsewhere !== undefined && elsewhere !== callbackUrl ? failed('callback_elsewhere', elsewhere) : ok;
}

function refusalOf(reading: GraphReading, whenUnknown: ChannelFault): Verdict {
  if (reading.kind === 'unreachable') return failed('graph_unreachable', reading.detail);
  if (reading.kind === 'answer') return failed('graph_refused');
  if (UNKNOWN_OBJECT.has(reading.code)) return failed(whenUnknown, reading.message);
  if (reading.code === 10 || (reading.code >= 200 && reading.code <= 299))
    return failed('scope_missing', reading.message);
  return failed('graph_refused', reading.message);
}

function parsed<Schema extends z.ZodType>(schema: Schema, reading: GraphReading): z.infer<Schema> | undefined {
  return reading.kind === 'answer' ? schema.safeParse(reading.body).data : undefined;
}
