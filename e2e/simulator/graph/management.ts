import { asJson, asText, type Json } from '../core/json.ts';
import type { BusinessNumber } from '../options.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import { isSame } from './auth.ts';
import { GraphError, unknownObject } from './errors.ts';
import { verificationOf } from './number-verification.ts';
import { page } from './paging.ts';

/** The app that the token belongs to. */
export const APP = {
  id: '670843887433847',
  name: 'Parley',
  link: 'https://www.facebook.com/games/?app_id=670843887433847',
};
const SYSTEM_USER_ID = '122094000000000001';
const NUMBER_FIELDS = [
  'verified_name',
  'code_verification_status',
  'display_phone_number',
  'quality_rating',
  'platform_type',
  'throughput',
  'webhook_configuration',
];

/** `GET /{waba}/phone_numbers` (Meta: business management API, phone numbers). */
export function listNumbers(state: SimulatorState, businessAccountId: string, query: URLSearchParams): Json {
  const numbers = state.accounts.ofAccount(businessAccountId);
  return page(
    numbers.map((number) => showNumber(state, number, query)),
    query,
  );
}

/** `GET /{phone}`, with `fields` if given. */
export function showNumber(state: SimulatorState, number: BusinessNumber, query: URLSearchParams): Json {
  const override = state.subscriptions.override(number.id)?.url;
  const all: Json = {
    verified_name: number.verifiedName,
    code_verification_status: verificationOf(number),
    display_phone_number: formatPhone(number.displayPhoneNumber),
    quality_rating: number.qualityRating ?? 'GREEN',
    platform_type: number.isRegistered === false ? 'NOT_APPLICABLE' : 'CLOUD_API',
    is_on_biz_app: number.isOnBusinessApp === true,
    throughput: { level: number.throughput ?? 'STANDARD' },
    webhook_configuration: { ...(override === undefined ? {} : { phone_number: override }) },
    status: number.status ?? (number.isRegistered === false ? 'PENDING' : 'CONNECTED'),
    name_status: number.nameStatus ?? 'APPROVED',
    new_name_status: 'NONE',
    account_mode: 'LIVE',
    is_official_business_account: false,
    whatsapp_business_manager_messaging_limit: number.messagingLimit ?? 'TIER_2K',
    health_status: {
      can_send_message: number.canSendMessage ?? 'AVAILABLE',
      entities: [
        {
          entity_type: 'PHONE_NUMBER',
          id: number.id,
          can_send_message: number.canSendMessage ?? 'AVAILABLE',
          ...(number.healthErrors?.length ? { errors: number.healthErrors } : {}),
        },
      ],
    },
  };
  const asked =
    query
      .get('fields')
      ?.split(',')
      .map((field) => field.trim()) ?? NUMBER_FIELDS;
  const shown = asked.filter((field) => field in all).map((field) => [field, all[field]]);
  return { ...(Object.fromEntries(shown) as Json), id: number.id };
}

/** `POST /{phone}` with `webhook_configuration`: a callback for this number alone. */
export async function changeNumber(state: SimulatorState, number: BusinessNumber, body: Json): Promise<Json> {
  const { override_callback_uri: url, verify_token: token } = asJson(body['webhook_configuration']);
  await changeOverride(state, number.id, asText(url), asText(token));
  return { success: true };
}

/** `POST|GET|DELETE /{waba}/subscribed_apps`; without a subscription the account gets no webhooks. */
export async function subscribedApps(
  state: SimulatorState,
  businessAccountId: string,
  method: string,
  body: Json,
): Promise<Json> {
  if (method === 'GET') {
    const override = state.subscriptions.override(businessAccountId)?.url;
    const app = {
      whatsapp_business_api_data: APP,
      ...(override === undefined ? {} : { override_callback_uri: override }),
    };
    return { data: state.subscriptions.isSubscribed(businessAccountId) ? [app] : [] };
  }
  if (method === 'POST') {
    await changeOverride(state, businessAccountId, asText(body['override_callback_uri']), asText(body['verify_token']));
    state.subscriptions.subscribe(businessAccountId);
  } else if (method === 'DELETE') {
    state.subscriptions.unsubscribe(businessAccountId);
  } else {
    throw unknownObject(method, businessAccountId);
  }
  return { success: true };
}

/** A callback is asked for its challenge before it is taken (Meta: webhooks, overrides). */
async function changeOverride(
  state: SimulatorState,
  id: string,
  url: string | undefined,
  verifyToken: string | undefined,
): Promise<void> {
  if (url === undefined || url === '') {
    state.subscriptions.setOverride(id, undefined);
    return;
  }
  const isTaken = URL.canParse(url) && (await state.subscriptions.verify(url, verifyToken ?? ''));
  if (!isTaken) {
    throw new GraphError(2200, undefined, {
      message: '(#2200) Callback verification failed: the URL did not echo the challenge.',
    });
  }
  state.subscriptions.setOverride(id, { url, verifyToken: verifyToken ?? '' });
}

/** `GET /debug_token` (Meta: Graph API, debug token). */
export function debugToken(state: SimulatorState, query: URLSearchParams): Json {
  const isValid = isSame(query.get('input_token') ?? '', state.accessToken);
  const scopes = [...state.token.scopes, 'public_profile'];
  if (!isValid) {
    const error = { code: 190, message: 'Invalid OAuth access token.' };
    return { data: { error, is_valid: false, scopes: [] } };
  }
  return {
    data: {
      app_id: APP.id,
      type: 'SYSTEM_USER',
      application: APP.name,
      data_access_expires_at: 0,
      expires_at: state.token.expiresAt,
      is_valid: true,
      issued_at: 1_790_000_000,
      scopes,
      granular_scopes: state.token.scopes.map((scope) => ({ scope })),
      user_id: SYSTEM_USER_ID,
    },
  };
}

/** `+1 202-555-0134`: Graph formats numbers that webhooks write as digits. */
function formatPhone(digits: string): string {
  const american = /^1(\d{3})(\d{3})(\d{4})$/.exec(digits);
  return american ? `+1 ${american.slice(1).join('-')}` : `+${digits}`;
}
