import { Injectable } from '@nestjs/common';
import { AgentPresence } from '../../agents/agent-presence.js';
import { AgentsService } from '../../agents/agents.service.js';

const MAX_AGE_MS = 1_000;

/**
 * Who is active and at their desk, a second old at most. Read before a transaction begins: none that has written may
 * wait for Redis.
 */
@Injectable()
export class PresentAgents {
  private readAtMs = -Infinity;
  private ids: ReadonlySet<string> = new Set();

  constructor(
    private readonly agents: AgentsService,
    private readonly presence: AgentPresence,
  ) {}

  async snapshot(): Promise<ReadonlySet<string>> {
    if (performance.now() - this.readAtMs < MAX_AGE_MS) return this.ids;
    const active = (await this.agents.list()).filter((agent) => agent.active);
    this.ids = await this.presence.presentAmong(active.map((agent) => agent.id));
    this.readAtMs = performance.now();
    return this.ids;
  }
}
