import type { ShownTemplate } from '../graph/check-template.ts';
import { BoundedMap } from '../core/bounded-map.ts';
import type { Json } from '../core/json.ts';

/** A message that the Graph API accepted. */
export interface SentMessage {
  wamid: string;
  /** Who it was addressed to: the digits of the phone number (without `+`), or the user id. `body` has it as written. */
  to: string;
  /** Whether it was addressed to a phone number (else to a user id). */
  toPhone: boolean;
  customerKey: string;
  phoneNumberId: string;
  type: string;
  body: Json;
  at: string;
  pricing: Json;
  /** Of a template: the text with its variables filled in, and what stands around it. */
  templateText?: string;
  template?: ShownTemplate;
  /** The last step that a status told of; undefined while it is only accepted. */
  status?: string;
}

const MAX_SENT = 10_000;
const MAX_RECEIPTS = 10_000;
const MAX_INBOUND = 50_000;

/** A call that marked a message as read, with the typing indicator if it carried one. */
export interface Receipt {
  wamid: string;
  phoneNumberId: string;
  typing: boolean;
  at: string;
}

/** What went through the Graph API: accepted sends in order, receipts, and which inbound messages exist. */
export class SentLog {
  private readonly sent: BoundedMap<string, SentMessage>;
  private readonly inbound = new BoundedMap<string, string>(MAX_INBOUND);
  private receipts: Receipt[] = [];
  private total = 0;

  constructor(kept = MAX_SENT) {
    this.sent = new BoundedMap(kept);
  }

  add(message: SentMessage): void {
    this.total += 1;
    this.sent.set(message.wamid, message);
  }

  find(wamid: string): SentMessage | undefined {
    return this.sent.get(wamid);
  }

  all(): SentMessage[] {
    return [...this.sent.values()];
  }

  /** How many were accepted since the start, also those that are forgotten by now. */
  count(): number {
    return this.total;
  }

  /** Remembers an inbound message and who wrote it. */
  addInbound(wamid: string, customerKey: string): void {
    this.inbound.set(wamid, customerKey);
  }

  customerOfInbound(wamid: string): string | undefined {
    return this.inbound.get(wamid);
  }

  addReceipt(receipt: Receipt): void {
    this.receipts.push(receipt);
    if (this.receipts.length > 2 * MAX_RECEIPTS) this.receipts = this.receipts.slice(-MAX_RECEIPTS);
  }

  allReceipts(): Receipt[] {
    return this.receipts.slice(-MAX_RECEIPTS);
  }

  clear(): void {
    this.sent.clear();
    this.inbound.clear();
    this.receipts = [];
    this.total = 0;
  }
}
