import { Injectable } from '@nestjs/common';

/** What is known of who looks at which thread now: volatile, of all instances, at most a second old. */
export interface ViewersSource {
  /** Threads that others than this agent look at or type in. */
  lookedAtByOthers(agentId: string): string[];
  /** Whether this agent has the thread before their eyes. */
  isLookingAt(agentId: string, conversationId: string): boolean;
}

const NOBODY: ViewersSource = { lookedAtByOthers: () => [], isLookingAt: () => false };

/** Who looks at which thread, for rules that want to know; told by the realtime module, without which nobody looks. */
@Injectable()
export class ThreadViewers implements ViewersSource {
  private source = NOBODY;

  /** To be called once, at the start. */
  readFrom(source: ViewersSource): void {
    this.source = source;
  }

  lookedAtByOthers(agentId: string): string[] {
    return this.source.lookedAtByOthers(agentId);
  }

  isLookingAt(agentId: string, conversationId: string): boolean {
    return this.source.isLookingAt(agentId, conversationId);
  }
}
