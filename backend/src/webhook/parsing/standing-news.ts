import type { AboutNumber, NewFact, StandingChange } from '../../channels/standing/standing-change.js';
import { eventTimeOf, instantAt } from './event-time.js';
import { get, idAt, integerAt, type JsonObject, objectAt, objectsAt, waIdAt, wordAt, wordsAt } from './json-values.js';

const MAX_DETAIL_CHARS = 500;

/** What each field says of the account or the number (Meta: webhooks, business account fields). */
const FIELDS: ReadonlyMap<string, (value: JsonObject | null) => NewFact[]> = new Map([
  ['phone_number_quality_update', qualityNews],
  ['phone_number_name_update', nameNews],
  ['account_update', accountNews],
  ['account_review_update', reviewNews],
  ['account_alerts', alertNews],
  ['business_capability_update', limitNews],
  ['security', pinNews],
  ['business_username_updates', usernameNews],
]);

/** Events of `account_update` that end or begin what the account's app may do. */
const LINKS: Readonly<Record<string, string>> = {
  ACCOUNT_DELETED: 'DELETED',
  PARTNER_REMOVED: 'REMOVED',
  PARTNER_APP_UNINSTALLED: 'REMOVED',
  ACCOUNT_OFFBOARDED: 'REMOVED',
  PARTNER_ADDED: 'LINKED',
  PARTNER_APP_INSTALLED: 'LINKED',
  ACCOUNT_RECONNECTED: 'LINKED',
};

/** What a field says of how a number stands; a text = nothing can be done with it, null = the field is about else. */
export function standingChangeOf(
  field: string,
  entry: JsonObject,
  value: JsonObject | null,
  receivedAt: Date,
): StandingChange | string | null {
  const read = FIELDS.get(field);
  if (!read) return null;
  const account = idAt(objectAt(value, 'waba_info'), 'waba_id') ?? idAt(entry, 'id');
  if (account === null) return 'it names no account';
  const facts = read(value);
  if (facts.length === 0) return 'nothing of it changes how a number stands';
  const { at } = eventTimeOf({ timestamp: get(entry, 'time') }, receivedAt);
  return { kind: 'standing', businessAccountId: account, about: aboutOf(field, value), at, facts };
}

function aboutOf(field: string, value: JsonObject | null): AboutNumber | null {
  if (field === 'account_alerts') {
    const id = idAt(value, 'entity_id');
    return wordAt(value, 'entity_type') === 'PHONE_NUMBER' && id !== null ? { phoneNumberId: id } : null;
  }
  const digits = waIdAt(value, 'display_phone_number');
  return digits === null ? null : { digits };
}

/** The event is about quality where Meta still sends it, about throughput or the limit else. */
function qualityNews(value: JsonObject | null): NewFact[] {
  const event = wordAt(value, 'event');
  if (event === 'FLAGGED')
    return [
      { part: 'status', value: 'FLAGGED' },
      { part: 'quality', value: 'RED' },
    ];
  if (event === 'UNFLAGGED') return [{ part: 'status', value: 'CONNECTED' }];
  const throughput: NewFact[] = event === 'THROUGHPUT_UPGRADE' ? [{ part: 'throughput', value: 'HIGH' }] : [];
  return [...throughput, ...limitNews(value)];
}

/** A number or `TIER_…`, under one name now and others before. */
function limitNews(value: JsonObject | null): NewFact[] {
  for (const key of [
    'max_daily_conversations_per_business',
    'current_limit',
    'max_daily_conversation_per_phone',
    'max_daily_conversations_per_phone',
  ]) {
    const count = integerAt(value, key);
    const said = count === null ? wordAt(value, key) : count < 0 ? 'TIER_UNLIMITED' : String(count);
    if (said !== null) return [{ part: 'messagingLimit', value: said, ofAccount: true }];
  }
  return [];
}

function nameNews(value: JsonObject | null): NewFact[] {
  const decision = wordAt(value, 'decision');
  if (decision === null) return [];
  const reason = wordAt(value, 'rejection_reason');
  const said = [wordAt(value, 'requested_verified_name', 200), reason === 'NONE' ? null : reason];
  return [{ part: 'name', value: decision, detail: joined(said, ' · ') }];
}

function accountNews(value: JsonObject | null): NewFact[] {
  const event = wordAt(value, 'event');
  if (event === null) return [];
  if (event === 'ACCOUNT_RESTRICTION') {
    return objectsAt(value, 'restriction_info').flatMap((restriction): NewFact[] => {
      const type = wordAt(restriction, 'restriction_type');
      if (type === null) return [];
      const detail = wordAt(restriction, 'remediation', MAX_DETAIL_CHARS);
      return [{ part: `restriction:${type}`, value: type, detail, until: instantAt(restriction, 'expiration') }];
    });
  }
  if (event === 'ACCOUNT_VIOLATION') {
    const type = wordAt(objectAt(value, 'violation_info'), 'violation_type') ?? 'UNKNOWN';
    return [{ part: 'violation', value: type }];
  }
  const ban = objectAt(value, 'ban_info');
  const state = wordAt(ban, 'waba_ban_state');
  // The date is English prose (`December 4, 2026`): it is shown as Meta wrote it.
  if (state !== null) return [{ part: 'ban', value: state, detail: wordAt(ban, 'waba_ban_date') }];
  const link = LINKS[event];
  if (link === undefined) return [];
  const why = objectAt(value, 'disconnection_info');
  return [{ part: 'link', value: link, detail: joined([wordAt(why, 'reason'), wordAt(why, 'initiated_by')], ' · ') }];
}

function reviewNews(value: JsonObject | null): NewFact[] {
  const decision = wordAt(value, 'decision');
  return decision === null ? [] : [{ part: 'review', value: decision }];
}

function alertNews(value: JsonObject | null): NewFact[] {
  // Meta's older bodies have the same keys beside each other instead of below `alert_info`.
  const info = objectAt(value, 'alert_info') ?? value;
  const type = wordAt(info, 'alert_type', 100);
  if (type === null) return [];
  const detail = wordAt(info, 'alert_description', MAX_DETAIL_CHARS);
  const status = wordAt(info, 'alert_status') ?? 'ACTIVE';
  return [{ part: `alert:${type}`, value: status, detail, severity: wordAt(info, 'alert_severity') }];
}

function pinNews(value: JsonObject | null): NewFact[] {
  const event = wordAt(value, 'event');
  return event === null ? [] : [{ part: 'pin', value: event, detail: wordAt(value, 'requester') }];
}

function usernameNews(value: JsonObject | null): NewFact[] {
  const status = wordAt(value, 'status');
  return status === null ? [] : [{ part: 'username', value: status.toUpperCase(), detail: wordsAt(value, 'username') }];
}

const joined = (words: readonly (string | null)[], between: string): string | null =>
  words.filter((word) => word !== null).join(between) || null;
