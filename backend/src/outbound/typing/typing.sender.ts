import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { ReplyTyping, type TypingSign } from '../../conversations/reply-typing.js';
import { Database } from '../../database/database.js';
import { GraphClient } from '../graph/graph.client.js';
import { TypingGate } from './typing-gate.js';
import { typingUnder } from './typing-rule.js';
import { TypingRepository } from './typing.repository.js';

/** A key that was pressed longer ago says nothing any more. */
const LATE_MS = 5_000;

interface TypingCall {
  isWanted: boolean;
  settled: Promise<void>;
}

/**
 * Shows the customer “typing…” while somebody writes a reply. Nothing of it is kept: what fails is dropped, for a late
 * indicator would be a lie, and whoever goes on typing asks again soon.
 */
@Injectable()
export class TypingSender implements BeforeApplicationShutdown {
  private readonly logger = new Logger(TypingSender.name);
  /** By conversation and writer, until Meta has answered. */
  private readonly underWay = new Map<string, TypingCall>();
  private isStopping = false;

  constructor(
    typing: ReplyTyping,
    private readonly database: Database,
    private readonly repository: TypingRepository,
    private readonly gate: TypingGate,
    private readonly graph: GraphClient,
  ) {
    typing.listen((sign) => void this.hear(sign));
  }

  beforeApplicationShutdown(): void {
    this.isStopping = true;
  }

  /** Settles once Meta was told or there was nothing to tell; never rejects. */
  hear({ agentId, conversationId, isOn }: TypingSign): Promise<void> {
    const key = `${conversationId}:${agentId}`;
    const earlier = this.underWay.get(key);
    if (earlier) {
      earlier.isWanted = isOn;
      return earlier.settled;
    }
    const call: TypingCall = { isWanted: isOn, settled: Promise.resolve() };
    if (!isOn || this.isStopping) return call.settled;
    this.underWay.set(key, call);
    call.settled = this.show(agentId, conversationId, call)
      .catch((error: unknown) => this.logger.warn(`typing in ${conversationId} is not shown: ${String(error)}`))
      .finally(() => this.underWay.delete(key));
    return call.settled;
  }

  private async show(agentId: string, conversationId: string, call: TypingCall): Promise<void> {
    const pressedAtMs = performance.now();
    const facts = await this.repository.facts(this.database.pool, conversationId, agentId);
    if (!facts) return;
    const wamid = typingUnder(facts);
    if (wamid === null || !(await this.gate.pass(conversationId))) return;
    // Whoever has just sent the reply is not typing: shown after it, the indicator would stand there for 25 s.
    const isStillTrue = () => call.isWanted && !this.isStopping && performance.now() - pressedAtMs < LATE_MS;
    const outcome = await this.graph.showTyping(facts, wamid, isStillTrue);
    if (outcome.kind === 'accepted' || outcome.kind === 'not_started') return;
    this.logger.debug(`typing in ${conversationId} is not shown: ${JSON.stringify(outcome)}`);
  }
}
