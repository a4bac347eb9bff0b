import { Injectable } from '@nestjs/common';
import type { Preferences, UpdatePreferences } from '@parley/contract';
import { Database } from '../database/database.js';
import { PreferencesRepository } from './preferences.repository.js';

/** What agents have chosen for themselves. */
@Injectable()
export class PreferencesService {
  constructor(
    private readonly database: Database,
    private readonly repository: PreferencesRepository,
  ) {}

  of(agentId: string): Promise<Preferences> {
    return this.repository.of(this.database.pool, agentId);
  }

  /** Lays the named choices over the kept ones; null forgets one. */
  change(agentId: string, changes: UpdatePreferences): Promise<Preferences> {
    return this.repository.change(this.database.pool, agentId, changes);
  }
}
