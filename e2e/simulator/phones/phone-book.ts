import { BoundedMap } from '../core/bounded-map.ts';
import { asJson, asText, isJson, type Json } from '../core/json.ts';
import type { Presence } from '../state/behaviour.ts';
import type { Customer } from '../state/customers.ts';
import type { Receipt, SentMessage } from '../state/sent-log.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import { personas, type Persona } from './personas.ts';

/** A phone on the page. */
export interface Phone {
  key: string;
  name: string;
  waId: string | null;
  userId: string | null;
  username: string | null;
  presence: Presence;
  note: string;
  starters: string[];
}

/** A bubble on a phone. */
export interface ChatMessage {
  id: string;
  from: 'customer' | 'business';
  at: string;
  type: string;
  content: Json;
  quoted: string | null;
  status: string;
  reactions: { customer?: string; business?: string };
  /** The id of the button or row that the customer tapped. */
  chosen?: string;
}

export type PhoneEvent =
  | { type: 'phone'; phone: Phone }
  | { type: 'message'; key: string; phoneNumberId: string; message: ChatMessage }
  | { type: 'typing'; key: string; phoneNumberId: string }
  | { type: 'reset' };

interface Chat {
  key: string;
  phoneNumberId: string;
  messages: Map<string, ChatMessage>;
}

const MAX_CHATS = 500;
const MAX_MESSAGES = 200;
const MAX_PHONES = 60;

/** What the customers' phones show, kept from the simulator's events; tells listeners of each change. */
export class PhoneBook {
  private readonly state: SimulatorState;
  private readonly chats = new BoundedMap<string, Chat>(MAX_CHATS);
  private readonly chatOfMessage = new BoundedMap<string, Chat>(MAX_CHATS * MAX_MESSAGES);
  private readonly notes = new BoundedMap<string, Pick<Persona, 'note' | 'starters'>>(MAX_PHONES);
  private readonly listeners = new Set<(event: PhoneEvent) => void>();

  constructor(state: SimulatorState) {
    this.state = state;
    this.addPersonas();
    state.events.on('inbound', (customer, phoneNumberId, message) => {
      this.onInbound(customer, phoneNumberId, message);
    });
    state.events.on('inboundTaken', (wamid) => {
      this.setStatus(wamid, 'delivered');
    });
    state.events.on('sent', (customer, message) => {
      this.onSent(customer, message);
    });
    state.events.on('status', (message, status) => {
      this.setStatus(message.wamid, status);
    });
    state.events.on('receipt', (receipt) => {
      this.onReceipt(receipt);
    });
    state.events.on('reset', () => {
      this.onReset();
    });
  }

  /** Calls `listener` on each change until the returned function is called. */
  listen(listener: (event: PhoneEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Everything that the page shows. */
  snapshot(): Json {
    const chats = [...this.chats.values()];
    const webhookUrl = this.state.subscriptions.appUrl();
    return {
      // the console is served where the webhook is
      consoleUrl: webhookUrl === undefined ? null : new URL('/', webhookUrl).href,
      numbers: this.state.accounts.all().map(({ id, displayPhoneNumber, verifiedName }) => ({
        id,
        phone: displayPhoneNumber,
        name: verifiedName,
      })),
      phones: [...this.notes.keys()].flatMap((key) => this.phone(key) ?? []),
      chats: chats.map((chat) => ({ ...chat, messages: [...chat.messages.values()] })),
    };
  }

  phone(key: string): Phone | undefined {
    const customer = this.state.customers.find(key);
    if (!customer) return undefined;
    const { note, starters } = this.notes.get(key) ?? { note: '', starters: [] };
    return {
      key,
      name: customer.name,
      waId: customer.waId ?? null,
      userId: customer.userId ?? null,
      username: customer.username ?? null,
      presence: customer.presence ?? this.state.behaviour.statuses.presence,
      note,
      starters,
    };
  }

  /** Puts a customer's phone on the page. */
  show(customer: Customer, note = 'Wrote or was written to', starters: string[] = []): void {
    if (!this.notes.has(customer.key)) this.notes.set(customer.key, { note, starters });
    this.phoneChanged(customer.key);
  }

  phoneChanged(key: string): void {
    const phone = this.listeners.size > 0 ? this.phone(key) : undefined;
    if (phone) this.tell({ type: 'phone', phone });
  }

  message(id: string): ChatMessage | undefined {
    return this.chatOfMessage.get(id)?.messages.get(id);
  }

  private addPersonas(): void {
    for (const { note, starters, ...facts } of personas) this.show(this.state.customers.learn(facts), note, starters);
  }

  private onInbound(customer: Customer, phoneNumberId: string, message: Json): void {
    if (!this.notes.has(customer.key)) this.show(customer);
    const type = asText(message['type']) ?? 'unknown';
    const content = asJson(message[type]);
    if (type === 'reaction') {
      this.react(asText(content['message_id']) ?? '', 'customer', asText(content['emoji']) ?? '');
      return;
    }
    const quoted = asText(asJson(message['context'])['id']) ?? null;
    this.choose(quoted, content);
    const seconds = Number(message['timestamp']);
    this.add(customer.key, phoneNumberId, {
      id: asText(message['id']) ?? '',
      from: 'customer',
      at: new Date(Number.isFinite(seconds) ? seconds * 1_000 : Date.now()).toISOString(),
      type,
      content,
      quoted,
      status: 'sent',
      reactions: {},
    });
  }

  private onSent(customer: Customer, message: SentMessage): void {
    if (!this.notes.has(customer.key)) this.show(customer);
    const content = asJson(message.body[message.type]);
    if (message.type === 'reaction') {
      this.react(asText(content['message_id']) ?? '', 'business', asText(content['emoji']) ?? '');
      return;
    }
    const { templateText, templateButtons } = message;
    const cards = message.type === 'contacts' ? { cards: message.body['contacts'] } : {};
    this.add(customer.key, message.phoneNumberId, {
      id: message.wamid,
      from: 'business',
      at: message.at,
      type: message.type,
      content: templateText === undefined ? { ...content, ...cards } : { ...content, templateText, templateButtons },
      quoted: asText(asJson(message.body['context'])['message_id']) ?? null,
      status: 'accepted',
      reactions: {},
    });
  }

  /** Reading marks all earlier messages of the customer in the chat too, as at Meta. */
  private onReceipt({ wamid, phoneNumberId, typing }: Receipt): void {
    const chat = this.chatOfMessage.get(wamid);
    if (!chat) return;
    for (const message of chat.messages.values()) {
      if (message.from === 'customer' && message.status !== 'read') this.update(chat, message, { status: 'read' });
      if (message.id === wamid) break;
    }
    if (typing) this.tell({ type: 'typing', key: chat.key, phoneNumberId });
  }

  private onReset(): void {
    this.chats.clear();
    this.chatOfMessage.clear();
    this.notes.clear();
    this.addPersonas();
    this.tell({ type: 'reset' });
  }

  private add(key: string, phoneNumberId: string, message: ChatMessage): void {
    const id = `${phoneNumberId}:${key}`;
    const chat = this.chats.get(id) ?? {
      key,
      phoneNumberId,
      messages: new BoundedMap<string, ChatMessage>(MAX_MESSAGES),
    };
    this.chats.delete(id); // set again below: the chats longest without a message are the first to be forgotten
    this.chats.set(id, chat);
    chat.messages.set(message.id, message);
    this.chatOfMessage.set(message.id, chat);
    this.tell({ type: 'message', key, phoneNumberId, message });
  }

  private setStatus(id: string, status: string): void {
    const chat = this.chatOfMessage.get(id);
    const message = chat?.messages.get(id);
    if (chat && message && message.status !== 'read' && message.status !== status)
      this.update(chat, message, { status });
  }

  private react(id: string, by: 'customer' | 'business', emoji: string): void {
    const chat = this.chatOfMessage.get(id);
    const message = chat?.messages.get(id);
    if (!chat || !message) return;
    const { [by]: _, ...others } = message.reactions;
    this.update(chat, message, { reactions: emoji === '' ? others : { ...others, [by]: emoji } });
  }

  private choose(quoted: string | null, content: Json): void {
    const reply = content['button_reply'] ?? content['list_reply'] ?? content;
    const chosen = isJson(reply) ? (asText(reply['id']) ?? asText(reply['payload'])) : undefined;
    const chat = quoted === null ? undefined : this.chatOfMessage.get(quoted);
    const message = quoted === null ? undefined : chat?.messages.get(quoted);
    if (chat && message && chosen !== undefined) this.update(chat, message, { chosen });
  }

  private update(chat: Chat, message: ChatMessage, change: Partial<ChatMessage>): void {
    Object.assign(message, change);
    this.tell({ type: 'message', key: chat.key, phoneNumberId: chat.phoneNumberId, message });
  }

  private tell(event: PhoneEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}
