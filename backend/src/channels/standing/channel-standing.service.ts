import { Injectable } from '@nestjs/common';
import {
  type ChannelReport,
  channelReportSchema,
  type ChannelStanding,
  type ChannelTrouble,
  type LimitedChannels,
  type StandingFact,
  standingParts,
  type TroubleKind,
} from '@parley/contract';
import { Database, type Tx } from '../../database/database.js';
import { LogRepository } from '../../log/log.repository.js';
import { NotFoundError } from '../../common/domain.error.js';
import type { ChannelEntity } from '../channel.entity.js';
import { ChannelsRepository } from '../channels.repository.js';
import { ChannelsService } from '../channels.service.js';
import { OpeningsRepository } from '../openings/openings.repository.js';
import type { NewFact, StandingChange, StandingOutcome } from './standing-change.js';
import { type FactPlace, type FactRow, type NewFactRow, StandingRepository } from './standing.repository.js';
import { factsOfReport } from './told-by-check.js';
import { THROUGHPUT } from '../pace.js';
import { dismissedPart, type TroubleSubject, troublesOf } from './troubles.js';

const HEALTHY: TroubleSubject = { isConnected: true, stop: null, report: null };
const BARS: ReadonlySet<TroubleKind> = new Set(['restrictedOpenings', 'numberRestricted']);

/** How the numbers and their accounts stand at Meta: from checks and from webhooks, in whatever order they come. */
@Injectable()
export class ChannelStandingService {
  constructor(
    private readonly database: Database,
    private readonly repository: StandingRepository,
    private readonly channels: ChannelsService,
    private readonly numbers: ChannelsRepository,
    private readonly log: LogRepository,
    private readonly openings: OpeningsRepository,
  ) {}

  /** Applies what webhooks told, in the caller's transaction; older news than what is known changes nothing. */
  async apply(tx: Tx, changes: readonly StandingChange[]): Promise<StandingOutcome[]> {
    if (changes.length === 0) return [];
    const routes = [...(await this.channels.routes()).values()];
    const moved = new Set<string>();
    const outcomes: StandingOutcome[] = [];
    for (const change of changes) {
      const { businessAccountId, about } = change;
      const numbers = routes.filter((route) => route.businessAccountId === businessAccountId);
      if (numbers.length === 0) {
        outcomes.push({ outcome: 'kept', reason: `no number of account ${businessAccountId} is connected` });
        continue;
      }
      const phoneNumberId = about === null ? '' : numberOf(about, numbers);
      if (phoneNumberId === null) {
        outcomes.push({ outcome: 'kept', reason: 'the number that it is about is not connected' });
        continue;
      }
      const isNews = await this.save(tx, { businessAccountId, phoneNumberId }, change.facts, 'webhook', change.at);
      if (isNews) moved.add(businessAccountId);
      outcomes.push({ outcome: isNews ? 'applied' : 'duplicate' });
    }
    await this.tell(tx, [...moved]);
    return outcomes;
  }

  /** Keeps what a check of the number said. */
  async learn(channelId: string, report: ChannelReport): Promise<void> {
    const { businessAccountId, phoneNumberId } = await this.get(channelId);
    const at = new Date(report.checkedAt);
    await this.database.transaction(async (tx) => {
      await this.repository.save(tx, [
        { businessAccountId, phoneNumberId, part: 'report', value: report, source: 'check', toldAt: at, until: null },
      ]);
      await this.save(tx, { businessAccountId, phoneNumberId }, factsOfReport(report), 'check', at);
      await this.tell(tx, [businessAccountId]);
    });
  }

  /** @throws NotFoundError channel.not_found */
  async of(channelId: string): Promise<ChannelStanding> {
    const channel = await this.get(channelId);
    const { pool } = this.database;
    const facts = factsOf(channel, await this.repository.ofAccounts(pool, [channel.businessAccountId]));
    const now = await this.database.now();
    const { used: openingsUsed } = await this.openings.used(pool, channelId);
    return {
      channelId,
      facts: shown(facts),
      troubles: troubles(channel, facts, now),
      report: reportIn(facts),
      openingsUsed,
    };
  }

  /** The connected numbers that cannot send all that they should; the others are left out. */
  async limited(): Promise<LimitedChannels> {
    const channels = await this.numbers.all();
    const accounts = [...new Set(channels.map(({ businessAccountId }) => businessAccountId))];
    const { pool } = this.database;
    const [facts, now] = await Promise.all([this.repository.ofAccounts(pool, accounts), this.database.now()]);
    const items = channels.map((channel) => ({
      id: channel.id,
      name: channel.name,
      troubles: troubles(channel, factsOf(channel, facts), now).filter(({ limits }) => limits.length > 0),
    }));
    return { items: items.filter((item) => item.troubles.length > 0) };
  }

  /**
   * What Meta said that keeps this number from opening conversations at `now`; null = nothing. A warning is none, as it
   * does not say that Meta refuses.
   */
  async barToOpenings(tx: Tx, channelId: string, now: Date): Promise<ChannelTrouble | null> {
    const facts = await this.repository.ofChannel(tx, channelId);
    return troublesOf(facts, HEALTHY, now).find(({ kind }) => BARS.has(kind)) ?? null;
  }

  /** How many conversations a day the number's account may open, in Meta's word; null = it has said nothing. */
  async messagingLimit(tx: Tx, channelId: string): Promise<string | null> {
    const facts = await this.repository.ofChannel(tx, channelId);
    const said: unknown = facts.find(({ part }) => part === 'messagingLimit')?.value.value;
    return typeof said === 'string' ? said : null;
  }

  /**
   * Puts a trouble away that nothing else would end; said again by Meta it comes back. Where it is no longer what was
   * `seen`, it stays: nobody has seen it.
   * @throws NotFoundError channel.not_found
   */
  async dismiss(channelId: string, key: string, seen?: string): Promise<ChannelStanding> {
    const channel = await this.get(channelId);
    const { businessAccountId, phoneNumberId } = channel;
    const named = dismissedPart(key);
    if (!named) return this.of(channelId);
    const place = { businessAccountId, phoneNumberId: named.ofNumber ? phoneNumberId : '' };
    await this.database.transaction(async (tx) => {
      const facts = await this.repository.lock(tx, place, named.part);
      const now = await this.database.now(tx);
      const trouble = troubles(channel, facts, now).find((one) => one.key === key);
      if (!trouble?.dismissable || (seen !== undefined && trouble.seen !== seen)) return;
      await this.repository.dismiss(tx, place, named.part);
      await this.tell(tx, [businessAccountId]);
    });
    return this.of(channelId);
  }

  private async save(
    tx: Tx,
    place: FactPlace,
    facts: readonly NewFact[],
    source: FactRow['source'],
    toldAt: Date,
  ): Promise<boolean> {
    // One webhook may name a part twice, which one statement cannot write: the last word counts.
    const last = [...new Map(facts.map((fact) => [fact.part, fact])).values()];
    const rows = last.map(({ part, value, detail = null, severity = null, until = null, ofAccount }): NewFactRow => {
      const where = ofAccount ? { ...place, phoneNumberId: '' } : place;
      return { ...where, part, value: { value, detail, severity }, source, toldAt, until };
    });
    const isNews = rows.length > 0 && (await this.repository.save(tx, rows)) > 0;
    if (isNews && facts.some(({ part }) => part === 'throughput')) {
      await this.repository.followThroughput(tx, place.businessAccountId, THROUGHPUT);
    }
    return isNews;
  }

  private async get(channelId: string): Promise<ChannelEntity> {
    const channel = await this.numbers.find(channelId);
    if (!channel) throw new NotFoundError('channel');
    return channel;
  }

  private async tell(tx: Tx, businessAccountIds: readonly string[]): Promise<void> {
    await this.log.append(
      tx,
      businessAccountIds.map((businessAccountId) => ({
        type: 'channels.changed' as const,
        data: { businessAccountId },
      })),
    );
  }
}

/** Webhooks write digits, Graph writes `+1 202-555-0134`, and a number may not know its own yet. */
function numberOf(
  about: NonNullable<StandingChange['about']>,
  numbers: readonly { phoneNumberId: string; displayPhoneNumber: string }[],
): string | null {
  if ('phoneNumberId' in about) {
    return numbers.some(({ phoneNumberId }) => phoneNumberId === about.phoneNumberId) ? about.phoneNumberId : null;
  }
  const named = numbers.find(({ displayPhoneNumber }) => displayPhoneNumber.replace(/\D/g, '') === about.digits);
  if (named) return named.phoneNumberId;
  const [only, ...others] = numbers.filter(({ displayPhoneNumber }) => displayPhoneNumber === '');
  return others.length === 0 ? (only?.phoneNumberId ?? null) : null;
}

const factsOf = (channel: ChannelEntity, facts: readonly FactRow[]): FactRow[] =>
  facts.filter(
    ({ businessAccountId, phoneNumberId }) =>
      businessAccountId === channel.businessAccountId &&
      (phoneNumberId === '' || phoneNumberId === channel.phoneNumberId),
  );

const reportIn = (facts: readonly FactRow[]): ChannelReport | null =>
  channelReportSchema.safeParse(facts.find(({ part }) => part === 'report')?.value).data ?? null;

function shown(facts: readonly FactRow[]): StandingFact[] {
  return standingParts.flatMap((part) =>
    facts
      .filter((fact) => fact.part === part)
      .map(({ value: said, toldAt, source }) => {
        const { value, detail = null } = said as { value: string; detail?: string | null };
        return { part, value, detail, at: toldAt.toISOString(), source };
      }),
  );
}

function troubles(channel: ChannelEntity, facts: readonly FactRow[], now: Date): ChannelTrouble[] {
  const { sendingState, sendingReason: reason, sendingSince: since, disconnectedAt } = channel;
  const stop = sendingState === 'stopped' ? { reason, since } : null;
  return troublesOf(facts, { isConnected: disconnectedAt === null, stop, report: reportIn(facts) }, now);
}
