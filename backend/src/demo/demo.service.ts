import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Demo } from '@parley/contract';
import { AgentsService } from '../agents/agents.service.js';
import { TeamsService } from '../agents/teams.service.js';
import { BotRulesService } from '../bot/bot-rules.service.js';
import { defaultBotRules } from '../bot/default-rules.js';
import { ChannelsService } from '../channels/channels.service.js';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { DomainError } from '../common/domain.error.js';
import { Database } from '../database/database.js';
import { HintsService } from '../hints/hints.service.js';
import { LogRepository } from '../log/log.repository.js';
import { WorkspaceService } from '../workspace/workspace.service.js';
import { demoDay, demoTeams } from './demo-day.js';
import { rowsOf, teamRowsOf } from './demo-rows.js';
import { DemoRepository } from './demo.repository.js';

/** Fills an empty demo installation: the staff and its teams, the bot's rules and a day of conversations. */
@Injectable()
export class DemoService implements OnApplicationBootstrap {
  constructor(
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    private readonly database: Database,
    private readonly agents: AgentsService,
    private readonly teams: TeamsService,
    private readonly channels: ChannelsService,
    private readonly rules: BotRulesService,
    private readonly workspace: WorkspaceService,
    private readonly log: LogRepository,
    private readonly hints: HintsService,
    private readonly repository: DemoRepository,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { demo } = this.environment;
    if (!demo || (await this.repository.hasConversations(this.database.pool))) return;
    if ((await this.workspace.demo()).isRemoved) return;
    const known = new Set((await this.agents.list()).map(({ email }) => email));
    for (const signIn of demo.signIns) if (!known.has(signIn.email)) await this.agents.create(signIn);
    await this.channels.upsertFromEnvironment();
    const [channel] = [...(await this.channels.routes()).values()];
    if (!channel) return;
    await this.channels.update(channel.id, { name: 'Lantern Books', botEnabled: true });
    await this.rules.replace(channel.id, { rules: defaultBotRules() });
    await this.writeDay(channel.id, channel.portfolioId);
  }

  /** @throws DomainError route.not_found outside a demo */
  async state(): Promise<Demo> {
    this.refuseOutsideDemo();
    const [{ isLively, isRemoved }, conversations] = await Promise.all([
      this.workspace.demo(),
      this.repository.count(this.database.pool),
    ]);
    return { lively: isLively, removed: isRemoved, conversations };
  }

  /** @throws DomainError route.not_found outside a demo */
  async setLively(isLively: boolean): Promise<Demo> {
    this.refuseOutsideDemo();
    await this.workspace.setLively(isLively);
    return this.state();
  }

  /**
   * Takes all conversations, their people and the demo's teams away, for good: the day is not written again, and nobody
   * writes on their own. Staff, number and rules stay.
   * @throws DomainError route.not_found outside a demo
   */
  async remove(): Promise<Demo> {
    this.refuseOutsideDemo();
    await this.database.transaction(async (tx) => {
      await this.workspace.markDemoRemoved(tx);
      const gone = await this.repository.deleteConversations(tx);
      await this.log.append(
        tx,
        gone.map(({ id, teamId, assigneeId }) => ({
          type: 'conversation.updated' as const,
          conversationId: id,
          teamBefore: teamId,
          teamAfter: teamId,
          assigneeBefore: assigneeId,
          assigneeAfter: assigneeId,
        })),
      );
      for (const { id } of demoTeams) await this.teams.remove(tx, id);
    });
    this.hints.publish('setup', { reason: 'channels' });
    return this.state();
  }

  /** A real installation has no such thing, and no route to it either. */
  private refuseOutsideDemo(): void {
    if (!this.environment.demo) throw new DomainError('route.not_found', 404, 'Only a demo has this.');
  }

  private async writeDay(channelId: string, portfolioId: string): Promise<void> {
    const agents = new Map((await this.agents.list()).map(({ id, name }) => [name.split(' ')[0] ?? name, id]));
    await this.database.transaction(async (tx) => {
      const now = await this.database.now(tx);
      await this.repository.insertTeams(tx, teamRowsOf(agents));
      for (const thread of demoDay) {
        await this.repository.insertThread(tx, rowsOf(thread, { channelId, portfolioId, now, agents }));
      }
    });
  }
}
