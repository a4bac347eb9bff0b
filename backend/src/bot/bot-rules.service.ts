import { Injectable } from '@nestjs/common';
import type { BotDryRun, BotDryRunResult, BotRule, PutBotRules } from '@parley/contract';
import { NotFoundError } from '../common/domain.error.js';
import { newId } from '../common/ids.js';
import { ChannelsService } from '../channels/channels.service.js';
import { Database } from '../database/database.js';
import { BotRulesRepository } from './bot-rules.repository.js';
import { explain } from './rule-matcher.js';

/** The rules of a number: read, replaced as a whole, tried without a customer. */
@Injectable()
export class BotRulesService {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelsService,
    private readonly repository: BotRulesRepository,
  ) {}

  /** @throws NotFoundError channel.not_found */
  async list(channelId: string): Promise<BotRule[]> {
    await this.channels.byId(channelId);
    return this.repository.ofChannel(this.database.pool, channelId);
  }

  /**
   * Puts the given list in place of the one there is; a rule with an id keeps it.
   * @throws NotFoundError channel.not_found, bot_rule.not_found for an id that is no rule of this number
   */
  async replace(channelId: string, { rules }: PutBotRules): Promise<BotRule[]> {
    return this.database.transaction(async (tx) => {
      if (!(await this.repository.lockChannel(tx, channelId))) throw new NotFoundError('channel');
      const known = new Set((await this.repository.ofChannel(tx, channelId)).map((rule) => rule.id));
      const given = rules.flatMap((rule) => (rule.id === undefined ? [] : [rule.id]));
      if (given.some((id) => !known.has(id)) || new Set(given).size < given.length) throw new NotFoundError('bot_rule');
      await this.repository.replace(
        tx,
        channelId,
        rules.map((rule) => ({ ...rule, id: rule.id ?? newId() })),
      );
      return this.repository.ofChannel(tx, channelId);
    });
  }

  /** Which rule of the saved ones, or of a draft, would answer this, and why the others would not. */
  async dryRun(channelId: string, input: BotDryRun): Promise<BotDryRunResult> {
    const channel = await this.channels.byId(channelId);
    const rules = input.rules
      ? input.rules.map((rule) => ({ ...rule, id: rule.id ?? newId() }))
      : await this.repository.ofChannel(this.database.pool, channelId);
    const explanation = explain(rules, input);
    const fired = rules.find(({ id }) => id === explanation.ruleId);
    return {
      ...explanation,
      botEnabled: channel.botEnabled,
      handsOver: fired?.handOver ?? true,
    };
  }
}
