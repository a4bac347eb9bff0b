import { Injectable } from '@nestjs/common';

/** What an agent's socket says while they write a reply. */
export interface TypingSign {
  agentId: string;
  conversationId: string;
  /** False = they stopped, or sent it. */
  isOn: boolean;
}

/**
 * Who writes a reply just now, for whoever wants to know at once; told by the realtime module, without which nobody
 * writes. Volatile: signs come every few seconds while keys are pressed, and any of them may be lost.
 */
@Injectable()
export class ReplyTyping {
  private listener: (sign: TypingSign) => void = () => undefined;

  /** To be called once, at the start. The listener must not throw. */
  listen(listener: (sign: TypingSign) => void): void {
    this.listener = listener;
  }

  tell(sign: TypingSign): void {
    this.listener(sign);
  }
}
