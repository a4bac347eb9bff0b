import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AgentsService } from '../agents/agents.service.js';
import { BotRulesService } from '../bot/bot-rules.service.js';
import { defaultBotRules } from '../bot/default-rules.js';
import { ChannelsService } from '../channels/channels.service.js';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { Database } from '../database/database.js';
import { demoDay } from './demo-day.js';
import { rowsOf } from './demo-rows.js';
import { DemoRepository } from './demo.repository.js';

/** Fills an empty demo installation: the team, the bot's rules and a day of conversations. */
@Injectable()
export class DemoService implements OnApplicationBootstrap {
  constructor(
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    private readonly database: Database,
    private readonly agents: AgentsService,
    private readonly channels: ChannelsService,
    private readonly rules: BotRulesService,
    private readonly repository: DemoRepository,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { demo } = this.environment;
    if (!demo || (await this.repository.hasConversations(this.database.pool))) return;
    const known = new Set((await this.agents.list()).map(({ email }) => email));
    for (const signIn of demo.signIns) if (!known.has(signIn.email)) await this.agents.create(signIn);
    await this.channels.upsertFromEnvironment();
    const [channel] = [...(await this.channels.routes()).values()];
    if (!channel) return;
    await this.channels.update(channel.id, { name: 'Lantern Books', botEnabled: true });
    await this.rules.replace(channel.id, { rules: defaultBotRules() });
    await this.writeDay(channel.id, channel.portfolioId);
  }

  private async writeDay(channelId: string, portfolioId: string): Promise<void> {
    const agents = new Map((await this.agents.list()).map(({ id, name }) => [name.split(' ')[0] ?? name, id]));
    await this.database.transaction(async (tx) => {
      const now = await this.database.now(tx);
      for (const thread of demoDay) {
        await this.repository.insertThread(tx, rowsOf(thread, { channelId, portfolioId, now, agents }));
      }
    });
  }
}
