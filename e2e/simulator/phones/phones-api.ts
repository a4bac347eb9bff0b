import { readJsonObject, RequestError, sendJson, sendText, type Exchange } from '../core/http.ts';
import { userIdOfPhone } from '../core/ids.ts';
import { asText, type Json } from '../core/json.ts';
import { presences } from '../state/behaviour.ts';
import { canonicalWaId, digitsOf, shownWaId, type Customer } from '../state/customers.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import { actOnBusinessPhone } from './business-app.ts';
import { callBusiness } from './calls.ts';
import { failNext } from './failures.ts';
import { happen } from './happenings.ts';
import { changeIdentity } from './identity.ts';
import type { PhoneBook } from './phone-book.ts';
import { contentOf } from './written.ts';

/** A file of a customer's, in base64. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;
const KEEP_ALIVE_MS = 15_000;
/** A page that does not read this much is cut off; it reconnects and loads everything anew. */
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;

/** What the phones page calls: its state, its live events, and the customers' actions. */
export class PhonesApi {
  private readonly state: SimulatorState;
  private readonly book: PhoneBook;

  constructor(state: SimulatorState, book: PhoneBook) {
    this.state = state;
    this.book = book;
  }

  async handle(exchange: Exchange): Promise<void> {
    const { method, path, request, response } = exchange;
    const [key, action, ...more] = path.split('/').slice(2).map(decodeURIComponent);
    if (method === 'GET' && key === undefined) {
      sendJson(response, 200, this.book.snapshot());
    } else if (method === 'GET' && key === 'events') {
      this.stream(exchange);
    } else if (method === 'GET' && key === 'media' && more.length === 0) {
      this.sendFile(action ?? '', exchange);
    } else if (method === 'POST' && more.length === 0) {
      const body = await readJsonObject(request, MAX_BODY_BYTES);
      sendJson(response, 200, this.act(key, action, body));
    } else {
      throw new RequestError(404, 'No such page.');
    }
  }

  /** A file of the chat, for the page to show: a business may send anything, so nothing of it may run. */
  private sendFile(id: string, { response }: Exchange): void {
    const media = this.state.media.find(id);
    if (!media) throw new RequestError(404, 'No such file.');
    sendText(response, 200, media.bytes, {
      'content-type': /^(image\/(png|jpeg|webp|gif)|audio\/|video\/)/.test(media.mimeType)
        ? media.mimeType
        : 'application/octet-stream',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
    });
  }

  private act(key: string | undefined, action: string | undefined, body: Json): unknown {
    if (key === undefined) return this.addPhone(body);
    const customer = this.state.customers.find(key);
    if (!customer) throw new RequestError(404, 'No such phone.');
    if (action === 'messages') return this.write(customer, body);
    const number = this.state.accounts.forWebhook(asText(body['phoneNumberId']), {});
    if (action === 'calls') return callBusiness(this.state, customer, number, body['isPickedUp'] === true);
    if (action === 'business') return actOnBusinessPhone(this.state, this.book, customer, number, body);
    if (action === 'happenings') return happen(this.state, customer, number, body);
    if (action === 'failures') return failNext(this.state, customer, number, body);
    if (action === 'identity') {
      changeIdentity(this.state, customer, number, body);
      this.book.phoneChanged(customer.key);
      return this.book.phone(customer.key);
    }
    if (action === 'presence') return this.setPresence(customer, body);
    throw new RequestError(404, 'No such action.');
  }

  private addPhone(body: Json): unknown {
    const name = asText(body['name'])?.trim() ?? '';
    if (name === '' || name.length > 80) throw new RequestError(400, 'Give the customer a name.');
    const digits = digitsOf(asText(body['phone']) ?? '');
    const username = asText(body['username'])?.trim().replace(/^@/, '').toLowerCase() ?? '';
    if (digits === '' && username === '') throw new RequestError(400, 'Give a phone number or a username.');
    if (digits !== '' && (digits.length < 7 || digits.length > 15)) {
      throw new RequestError(400, 'A phone number has 7 to 15 digits, with its country code.');
    }
    if (username !== '' && !/^[a-z0-9._]{3,35}$/.test(username)) {
      throw new RequestError(400, 'A username has 3 to 35 letters, digits, dots or underscores.');
    }
    const waId = digits === '' ? undefined : canonicalWaId(digits);
    const customer = this.state.customers.learn({
      name,
      waId,
      userId: waId === undefined ? userIdOfPhone(username) : userIdOfPhone(waId),
      username: username === '' ? undefined : username,
    });
    this.book.show(customer, waId === undefined ? 'Username only: no phone number is shared' : 'Added by you');
    return this.book.phone(customer.key);
  }

  private setPresence(customer: Customer, body: Json): unknown {
    const presence = presences.find((item) => item === body['presence']);
    if (!presence) throw new RequestError(400, `"presence" must be one of ${presences.join(', ')}.`);
    this.state.statuses.setPresence(customer, presence);
    this.book.phoneChanged(customer.key);
    return this.book.phone(customer.key);
  }

  private write(customer: Customer, body: Json): unknown {
    const number = this.state.accounts.forWebhook(asText(body['phoneNumberId']), {});
    const content = body['shareContact'] === true ? this.ownCard(customer) : contentOf(body);
    const quoted = asText(body['quoted']);
    const waId = shownWaId(customer) ?? null;
    const from = this.book.message(quoted ?? '')?.from === 'customer' ? waId : number.displayPhoneNumber;
    const message = {
      ...(quoted === undefined ? {} : { context: { ...(from === null ? {} : { from }), id: quoted } }),
      from: waId,
      from_user_id: customer.userId ?? null,
      ...content,
    };
    const { wamids } = this.state.inbound.receive({ phone_number_id: number.id, messages: [message] });
    return { wamids };
  }

  /** The answer to a request for contact details. (Meta: its `origin` says so, and there is no vcard.) */
  private ownCard(customer: Customer): Json {
    const waId = this.state.customers.shareNumber(customer);
    this.book.phoneChanged(customer.key);
    const phones = [{ phone: `+${waId}`, wa_id: waId, type: 'CELL' }];
    return {
      type: 'contacts',
      contacts: [{ origin: 'contact_request', name: { formatted_name: customer.name }, phones }],
    };
  }

  private stream({ request, response }: Exchange): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 1000\n\n');
    const stop = this.book.listen((event) => {
      if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
      else response.write(`data: ${JSON.stringify(event)}\n\n`);
    });
    const keepAlive = setInterval(() => response.write(': still here\n\n'), KEEP_ALIVE_MS);
    request.on('close', () => {
      clearInterval(keepAlive);
      stop();
    });
  }
}
