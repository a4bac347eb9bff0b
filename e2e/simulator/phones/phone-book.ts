import { knownErrors } from '../graph/error-catalogue.ts';
import { shop } from '../graph/offerings.ts';
import { BoundedMap } from '../core/bounded-map.ts';
import { asJson, asText, type Json } from '../core/json.ts';
import type { Customer } from '../state/customers.ts';
import type { Receipt, SentMessage } from '../state/sent-log.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import { ANSWERED_BY, type ChatMessage, chosenOf, markOf, type Phone, type PhoneEvent } from './chat-message.ts';
import { happenings } from './happenings.ts';
import { personas, type Persona } from './personas.ts';

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
  /** The people of the demo: however many others write, their phones stay on the page. */
  private readonly cast = new Map<string, Pick<Persona, 'note' | 'starters'>>();
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
      happenings: happenings.map(({ id, group, title, about }) => ({ id, group, title, about })),
      failures: knownErrors(),
      shop,
      phones: [...this.cast.keys(), ...this.notes.keys()].flatMap((key) => this.phone(key) ?? []),
      chats: chats.map((chat) => ({ ...chat, messages: [...chat.messages.values()] })),
    };
  }

  phone(key: string): Phone | undefined {
    const customer = this.state.customers.find(key);
    if (!customer) return undefined;
    const { note, starters } = this.cast.get(key) ?? this.notes.get(key) ?? { note: '', starters: [] };
    return {
      key,
      name: customer.name,
      waId: customer.waId ?? null,
      userId: customer.userId ?? null,
      username: customer.username ?? null,
      hidesNumber: customer.hidesNumber === true,
      presence: customer.presence ?? this.state.behaviour.statuses.presence,
      note,
      starters,
    };
  }

  /** Puts a customer's phone on the page. */
  show(customer: Customer, note = 'Wrote or was written to'): void {
    if (!this.isShown(customer)) this.notes.set(customer.key, { note, starters: [] });
    this.phoneChanged(customer.key);
  }

  private isShown({ key }: Customer): boolean {
    return this.cast.has(key) || this.notes.has(key);
  }

  phoneChanged(key: string): void {
    const phone = this.listeners.size > 0 ? this.phone(key) : undefined;
    if (phone) this.tell({ type: 'phone', phone });
  }

  message(id: string): ChatMessage | undefined {
    return this.chatOfMessage.get(id)?.messages.get(id);
  }

  private addPersonas(): void {
    for (const { note, starters, ...facts } of personas) {
      const { key } = this.state.customers.learn(facts);
      this.cast.set(key, { note, starters });
      this.phoneChanged(key);
    }
  }

  private onInbound(customer: Customer, phoneNumberId: string, message: Json): void {
    if (!this.isShown(customer)) this.show(customer);
    const type = asText(message['type']) ?? 'unknown';
    const content = type === 'contacts' ? { cards: message['contacts'] } : asJson(message[type]);
    if (type === 'reaction') {
      this.react(asText(content['message_id']) ?? '', 'customer', asText(content['emoji']) ?? '');
      return;
    }
    if (type === 'edit' || type === 'revoke') {
      this.amend(content);
      return;
    }
    const quoted = asText(asJson(message['context'])['id']) ?? null;
    const mark = markOf(message);
    this.choose(quoted, type, content);
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
      ...(mark === undefined ? {} : { mark }),
    });
  }

  private onSent(customer: Customer, message: SentMessage): void {
    if (!this.isShown(customer)) this.show(customer);
    const content = asJson(message.body[message.type]);
    if (message.type === 'reaction') {
      this.react(asText(content['message_id']) ?? '', 'business', asText(content['emoji']) ?? '');
      return;
    }
    const { templateText, template } = message;
    const cards = message.type === 'contacts' ? { cards: message.body['contacts'] } : {};
    this.add(customer.key, message.phoneNumberId, {
      id: message.wamid,
      from: 'business',
      at: message.at,
      type: message.type,
      content: templateText === undefined ? { ...content, ...cards } : { ...content, templateText, template },
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
    this.cast.clear();
    this.notes.clear();
    this.addPersonas();
    this.tell({ type: 'reset' });
  }

  /** Puts a message into a chat of a customer's phone. */
  add(key: string, phoneNumberId: string, message: ChatMessage): void {
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

  react(id: string, by: 'customer' | 'business', emoji: string): void {
    const chat = this.chatOfMessage.get(id);
    const message = chat?.messages.get(id);
    if (!chat || !message) return;
    const { [by]: _, ...others } = message.reactions;
    this.update(chat, message, { reactions: emoji === '' ? others : { ...others, [by]: emoji } });
  }

  /** What an edit (with its new `message`) or a deletion does to the message that it names. */
  amend({ original_message_id: of, message: edited }: Json): void {
    const id = asText(of) ?? '';
    const chat = this.chatOfMessage.get(id);
    const message = chat?.messages.get(id);
    if (!chat || !message) return;
    const wording = asJson(asJson(edited)[message.type]);
    const change =
      edited === undefined ? { revoked: true } : { edited: true, content: { ...message.content, ...wording } };
    this.update(chat, message, change);
  }

  /** What the business offered is answered once: by the button or row that was tapped, or by what it asked for. */
  private choose(quoted: string | null, type: string, content: Json): void {
    const chat = quoted === null ? undefined : this.chatOfMessage.get(quoted);
    const message = quoted === null ? undefined : chat?.messages.get(quoted);
    if (!chat || message?.from !== 'business') return;
    const wanted = ANSWERED_BY[asText(message.content['type']) ?? ''];
    const chosen = chosenOf(type, content) ?? (wanted === type ? wanted : undefined);
    if (chosen !== undefined) this.update(chat, message, { chosen });
  }

  private update(chat: Chat, message: ChatMessage, change: Partial<ChatMessage>): void {
    Object.assign(message, change);
    this.tell({ type: 'message', key: chat.key, phoneNumberId: chat.phoneNumberId, message });
  }

  private tell(event: PhoneEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}
