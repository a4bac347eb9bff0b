import { createHash } from 'node:crypto';
import type { ChannelReport, ChannelTrouble, TroubleKind, TroubleLimit, TroubleSeverity } from '@parley/contract';
import { troubleKinds, troubleSeverities } from '@parley/contract';
import type { FactRow } from './standing.repository.js';

/** What the number's own row says. */
export interface TroubleSubject {
  isConnected: boolean;
  stop: { reason: string | null; since: Date | null } | null;
  report: ChannelReport | null;
}

interface Verdict {
  kind: TroubleKind;
  severity: TroubleSeverity;
  limits?: readonly TroubleLimit[];
  detail?: string | null;
  dismissable?: boolean;
}

const ALL: readonly TroubleLimit[] = ['openings', 'replies'];
const DAY_MS = 24 * 3_600_000;
const TOKEN_ENDS_SOON_MS = 7 * DAY_MS;
/** Meta: a new display name holds once the number is registered again, within 14 days. */
const NAME_APPROVED_MS = 14 * DAY_MS;
/** Restrictions that Meta documents (account_update); any other is told by its name and limits nothing that we know of. */
const RESTRICTIONS: Readonly<Record<string, Verdict>> = {
  RESTRICTED_BIZ_INITIATED_MESSAGING: { kind: 'restrictedOpenings', severity: 'critical', limits: ['openings'] },
  RESTRICTED_CUSTOMER_INITIATED_MESSAGING: { kind: 'restrictedReplies', severity: 'critical', limits: ['replies'] },
  RESTRICTED_ADD_PHONE_NUMBER_ACTION: { kind: 'restrictedNumbers', severity: 'warning' },
};
/** States of a number in which nothing goes out (Meta: phone numbers, status). */
const OFFLINE = new Set(['BANNED', 'DISCONNECTED', 'DELETED', 'MIGRATED', 'PENDING', 'UNVERIFIED']);
const SEVERITIES: Readonly<Record<string, TroubleSeverity>> = {
  CRITICAL: 'critical',
  WARNING: 'warning',
  INFORMATIONAL: 'info',
};

/** What is wrong with a number at this moment, the worst first; pure, so that every word of Meta's has a test. */
export function troublesOf(facts: readonly FactRow[], subject: TroubleSubject, now: Date): ChannelTrouble[] {
  const own = ownTroubles(subject, now);
  // Without a token nothing that Meta said of the number matters any more.
  if (!subject.isConnected) return own;
  const told = facts.flatMap((fact) => {
    if (fact.dismissedAt !== null || (fact.until !== null && fact.until <= now)) return [];
    const verdict = verdictOn(fact, now);
    return verdict ? [toTrouble(fact, verdict)] : [];
  });
  return [...own, ...told].sort(
    (a, b) =>
      troubleSeverities.indexOf(a.severity) - troubleSeverities.indexOf(b.severity) ||
      troubleKinds.indexOf(a.kind) - troubleKinds.indexOf(b.kind) ||
      (a.key < b.key ? -1 : 1),
  );
}

/** Which part a trouble's key names; null when nobody may put it away. */
export function dismissedPart(key: string): { ofNumber: boolean; part: string } | null {
  const [, whose, part] = /^(number|account):(.+)$/.exec(key) ?? [];
  return part === undefined ? null : { ofNumber: whose === 'number', part };
}

function ownTroubles({ isConnected, stop, report }: TroubleSubject, now: Date): ChannelTrouble[] {
  const one = (verdict: Verdict, since: Date | null, until: Date | null = null): ChannelTrouble => ({
    key: `own:${verdict.kind}`,
    kind: verdict.kind,
    severity: verdict.severity,
    limits: [...(verdict.limits ?? [])],
    detail: verdict.detail ?? null,
    since: since?.toISOString() ?? null,
    until: until?.toISOString() ?? null,
    dismissable: false,
    seen: '',
  });
  if (!isConnected) return [one({ kind: 'disconnected', severity: 'critical', limits: ALL }, stop?.since ?? null)];
  const troubles: ChannelTrouble[] = [];
  if (stop) troubles.push(one({ kind: 'stopped', severity: 'critical', limits: ALL, detail: stop.reason }, stop.since));
  const checkedAt = report ? new Date(report.checkedAt) : null;
  const faults = new Set(report?.checks.map(({ fault }) => fault));
  const ends = report?.facts.tokenExpiresAt ? new Date(report.facts.tokenExpiresAt) : null;
  if (faults.has('token_expired') || (ends && ends <= now)) {
    troubles.push(one({ kind: 'tokenExpired', severity: 'critical', limits: ALL }, ends ?? checkedAt));
  } else if (ends && ends.getTime() - now.getTime() < TOKEN_ENDS_SOON_MS) {
    troubles.push(one({ kind: 'tokenExpires', severity: 'warning' }, null, ends));
  }
  if (faults.has('not_subscribed')) troubles.push(one({ kind: 'notSubscribed', severity: 'critical' }, checkedAt));
  return troubles;
}

function verdictOn(fact: FactRow, now: Date): Verdict | null {
  const { part } = fact;
  const { value, detail = null, severity } = fact.value as { value: string; detail?: string | null; severity?: string };
  if (part.startsWith('restriction:')) {
    const known = RESTRICTIONS[value] ?? { kind: 'restricted' as const, severity: 'warning' as const };
    return {
      ...known,
      detail: [known.kind === 'restricted' ? value : null, detail].filter(Boolean).join(': ') || null,
    };
  }
  if (part.startsWith('alert:')) {
    if (value !== 'ACTIVE') return null;
    const grave = SEVERITIES[severity ?? ''] ?? 'warning';
    return { kind: 'alert', severity: grave, detail: detail ?? part.slice('alert:'.length), dismissable: true };
  }
  switch (part) {
    case 'ban':
      if (value === 'DISABLE') return { kind: 'banned', severity: 'critical', limits: ALL, detail };
      return value === 'SCHEDULE_FOR_DISABLE' ? { kind: 'banScheduled', severity: 'critical', detail } : null;
    case 'link':
      if (value === 'DELETED') return { kind: 'accountDeleted', severity: 'critical', limits: ALL, detail };
      return value === 'REMOVED' ? { kind: 'accountRemoved', severity: 'critical', limits: ALL, detail } : null;
    case 'status':
      if (OFFLINE.has(value)) return { kind: 'numberOffline', severity: 'critical', limits: ALL, detail: value };
      if (value === 'RESTRICTED') return { kind: 'numberRestricted', severity: 'critical', limits: ['openings'] };
      if (value === 'RATE_LIMITED') return { kind: 'rateLimited', severity: 'warning', limits: ['openings'] };
      return value === 'FLAGGED' ? { kind: 'numberFlagged', severity: 'warning' } : null;
    case 'health':
      if (value === 'BLOCKED') return { kind: 'healthBlocked', severity: 'critical', limits: ALL, detail };
      return value === 'LIMITED' ? { kind: 'healthLimited', severity: 'warning', limits: ['openings'], detail } : null;
    case 'review':
      return value === 'REJECTED' ? { kind: 'reviewRejected', severity: 'critical', limits: ALL } : null;
    case 'quality':
      return value === 'RED' ? { kind: 'qualityLow', severity: 'warning' } : null;
    case 'name':
      // Which name it was only the webhook of a change tells.
      if (value === 'REJECTED') return { kind: 'nameRejected', severity: 'warning', detail, dismissable: true };
      return value === 'APPROVED' && detail !== null && now.getTime() - fact.since.getTime() < NAME_APPROVED_MS
        ? { kind: 'nameApproved', severity: 'info', detail, dismissable: true }
        : null;
    case 'violation':
      return { kind: 'violation', severity: 'warning', detail: value, dismissable: true };
    case 'pin':
      if (value === 'PIN_RESET_REQUEST') return { kind: 'pinReset', severity: 'warning', detail, dismissable: true };
      return value === 'PIN_CHANGED' ? { kind: 'pinChanged', severity: 'info', dismissable: true } : null;
    default:
      return null;
  }
}

const toTrouble = (fact: FactRow, verdict: Verdict): ChannelTrouble => ({
  key: `${fact.phoneNumberId === '' ? 'account' : 'number'}:${fact.part}`,
  kind: verdict.kind,
  severity: verdict.severity,
  limits: [...(verdict.limits ?? [])],
  detail: verdict.detail ?? null,
  since: fact.since.toISOString(),
  until: fact.until?.toISOString() ?? null,
  dismissable: verdict.dismissable ?? false,
  seen: createHash('sha256')
    .update(JSON.stringify([fact.since, fact.value]))
    .digest('base64url'),
});
