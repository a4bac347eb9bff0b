import { Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { AgentPresence } from './agent-presence.js';
import { AgentEntity } from './agent.entity.js';
import { AgentsController } from './agents.controller.js';
import { AgentsRepository } from './agents.repository.js';
import { AgentsService } from './agents.service.js';
import { PreferencesController } from './preferences.controller.js';
import { PreferencesRepository } from './preferences.repository.js';
import { PreferencesService } from './preferences.service.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { TeamEntity } from './team.entity.js';
import { TeamsController } from './teams.controller.js';
import { TeamsRepository } from './teams.repository.js';
import { TeamsService } from './teams.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([AgentEntity, TeamEntity])],
  controllers: [AgentsController, SessionsController, PreferencesController, TeamsController],
  providers: [
    AgentPresence,
    AgentsRepository,
    AgentsService,
    PreferencesRepository,
    PreferencesService,
    SessionsRepository,
    SessionsService,
    TeamsRepository,
    TeamsService,
  ],
  exports: [AgentPresence, AgentsService, SessionsService, TeamsService],
})
export class AgentsModule implements OnApplicationBootstrap {
  constructor(
    private readonly agents: AgentsService,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.environment.admin) await this.agents.ensureFirstAdmin(this.environment.admin);
  }
}
