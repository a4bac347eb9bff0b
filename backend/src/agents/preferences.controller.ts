import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Preferences, preferencesSchema, type UpdatePreferences, updatePreferencesSchema } from '@parley/contract';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../common/access/decorators.js';
import { PreferencesService } from './preferences.service.js';

/** An agent's taste, the same in every browser. */
@ApiTags('agents')
@Controller('agents/me/preferences')
@Requires('session.own')
export class PreferencesController {
  constructor(private readonly preferences: PreferencesService) {}

  @Get()
  @ApiOperation({ summary: 'What one has chosen: theme, density, keys, language, sounds' })
  @ApiOkResponse({ standardSchema: preferencesSchema })
  own(@CurrentAgent() agent: AuthenticatedAgent): Promise<Preferences> {
    return this.preferences.of(agent.id);
  }

  @Patch()
  @ApiOperation({ summary: 'Changes what is named; null forgets a choice' })
  @ApiOkResponse({ standardSchema: preferencesSchema })
  change(
    @CurrentAgent() agent: AuthenticatedAgent,
    @Body({ schema: updatePreferencesSchema }) request: UpdatePreferences,
  ): Promise<Preferences> {
    return this.preferences.change(agent.id, request);
  }
}
