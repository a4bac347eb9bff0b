import { readJson, readJsonObject, RequestError, sendJson, type Exchange } from '../core/http.ts';
import { asJsonList, asText, isJson, type Json } from '../core/json.ts';
import type { BusinessNumber } from '../options.ts';
import { changeBehaviour, defaultBehaviour, parseBehaviourChange, presences } from '../state/behaviour.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import { tellOfAccount } from './account-news.ts';

const MAX_BODY_BYTES = 64 * 1024 * 1024;
/** How long a caller waits for the business to take a webhook before it gets 202. */
const DEFAULT_WAIT_MS = 30_000;

/** `/control`: what tests, benchmarks and people use to play the customers and Meta's bad days. See README.md. */
export class ControlApi {
  private readonly state: SimulatorState;
  private readonly resetAll: () => void;

  constructor(state: SimulatorState, resetAll: () => void) {
    this.state = state;
    this.resetAll = resetAll;
  }

  async handle(exchange: Exchange): Promise<void> {
    const route = `${exchange.method} ${exchange.path.slice('/control/'.length)}`;
    switch (route) {
      case 'POST inbound':
        return this.inbound(exchange);
      case 'POST statuses':
        return this.statuses(exchange);
      case 'GET sent':
        return this.sent(exchange);
      case 'GET webhooks':
        return this.webhooks(exchange);
      case 'GET receipts':
        sendJson(exchange.response, 200, { items: this.state.sent.allReceipts() });
        return;
      case 'GET faults':
        sendJson(exchange.response, 200, this.state.behaviour);
        return;
      case 'POST faults':
        changeBehaviour(
          this.state.behaviour,
          parseBehaviourChange(await readJsonObject(exchange.request, MAX_BODY_BYTES)),
        );
        sendJson(exchange.response, 200, this.state.behaviour);
        return;
      case 'DELETE faults':
        changeBehaviour(this.state.behaviour, defaultBehaviour());
        sendJson(exchange.response, 200, this.state.behaviour);
        return;
      case 'POST customers':
        return this.customer(exchange);
      case 'GET numbers':
        sendJson(exchange.response, 200, { items: this.state.accounts.all() });
        return;
      case 'POST numbers':
        return this.number(exchange);
      case 'POST account-news': {
        const { delivered } = await tellOfAccount(this.state, exchange);
        return answerWhenTaken(exchange, {}, [delivered]);
      }
      case 'GET token':
        sendJson(exchange.response, 200, { accessToken: this.state.accessToken, appSecret: this.state.appSecret });
        return;
      case 'POST templates':
        return this.template(exchange);
      case 'POST token':
        return this.token(exchange);
      case 'POST subscriptions':
        return this.subscription(exchange);
      case 'DELETE state':
        this.resetAll();
        exchange.response.writeHead(204).end();
        return;
      default:
        throw new RequestError(404, `No such control: ${route}. See e2e/simulator/README.md.`);
    }
  }

  private async inbound(exchange: Exchange): Promise<void> {
    const body = await readJson(exchange.request, MAX_BODY_BYTES);
    const fragments = Array.isArray(body) ? body : [body];
    if (!fragments.every(isJson)) throw new RequestError(400, 'Give a webhook value, or a list of them.');
    const results = fragments.map((fragment) => this.state.inbound.receive(fragment));
    const wamids = results.flatMap((result) => result.wamids);
    await answerWhenTaken(
      exchange,
      { wamids },
      results.map((result) => result.delivered),
    );
  }

  private async statuses(exchange: Exchange): Promise<void> {
    const body = await readJson(exchange.request, MAX_BODY_BYTES);
    const requests = (Array.isArray(body) ? body : [body]).map((item: unknown) => {
      const { wamid, status, timestamp, errors, phoneNumberId, ...extra } = isJson(item) ? item : ({} as Json);
      if (typeof wamid !== 'string' || typeof status !== 'string') {
        throw new RequestError(400, 'A status needs "wamid" and "status".');
      }
      return { wamid, status, timestamp: asText(timestamp), errors, phoneNumberId: asText(phoneNumberId), extra };
    });
    await answerWhenTaken(
      exchange,
      {},
      requests.map((request) => this.state.statuses.send(request)),
    );
  }

  private sent({ query, response }: Exchange): void {
    const to = query.get('to')?.replace(/^\+/, '');
    const all = this.state.sent.all();
    const matching = to === undefined ? all : all.filter((message) => message.to === to);
    const limit = Number(query.get('limit') ?? Infinity);
    const items = matching.slice(limit < matching.length ? -limit : 0);
    sendJson(response, 200, { items, total: this.state.sent.count() });
  }

  private webhooks({ query, response }: Exchange): void {
    const { log } = this.state.webhooks;
    const limit = Number(query.get('limit') ?? Infinity);
    const items = limit === 0 ? [] : log.all().slice(-limit);
    sendJson(response, 200, { items, ...log.totals(), pending: this.state.webhooks.pending() });
  }

  private async customer({ request, response }: Exchange): Promise<void> {
    const body = await readJsonObject(request, MAX_BODY_BYTES);
    const waId = asText(body['waId']);
    const userId = asText(body['userId']);
    if (waId === undefined && userId === undefined) throw new RequestError(400, 'Give "waId" or "userId".');
    const customer = this.state.customers.learn({
      waId,
      userId,
      name: asText(body['name']),
      username: asText(body['username']),
    });
    if (typeof body['blocks'] === 'boolean') customer.blocks = body['blocks'];
    const presence = presences.find((item) => item === body['presence']);
    if (presence) this.state.statuses.setPresence(customer, presence);
    sendJson(response, 200, { ...customer, windowOpenedAt: Object.fromEntries(customer.windowOpenedAt) });
  }

  private async number({ request, response }: Exchange): Promise<void> {
    const body = await readJsonObject(request, MAX_BODY_BYTES);
    const id = asText(body['id']);
    if (id === undefined) throw new RequestError(400, 'Give the phone number "id".');
    const first = this.state.accounts.first();
    const known = this.state.accounts.find(id);
    const number: BusinessNumber = {
      id,
      displayPhoneNumber: asText(body['displayPhoneNumber']) ?? known?.displayPhoneNumber ?? id,
      verifiedName: asText(body['verifiedName']) ?? first?.verifiedName ?? id,
      businessAccountId: asText(body['businessAccountId']) ?? first?.businessAccountId ?? id,
      isRegistered: body['registered'] !== false,
      throughput: asText(body['throughput']),
      messagingLimit: asText(body['messagingLimit']),
      isOnBusinessApp: body['onBusinessApp'] === true,
      healthErrors: asJsonList(body['healthErrors']),
      pin: asText(body['pin']),
      verification: asText(body['verification']),
      qualityRating: asText(body['qualityRating']),
      nameStatus: asText(body['nameStatus']),
      status: asText(body['status']),
      canSendMessage: asText(body['canSendMessage']),
    };
    this.state.accounts.add(number);
    sendJson(response, 200, { ...number });
  }

  /** Meta changes its mind about a template: its list says so from now on, and a webhook tells. */
  private async template(exchange: Exchange): Promise<void> {
    const body = await readJsonObject(exchange.request, MAX_BODY_BYTES);
    const language = asText(body['language']) ?? 'en_US';
    const template = this.state.templates.find((item) => item.name === body['name'] && item.language === language);
    if (!template) throw new RequestError(404, 'There is no such template.');
    const account = template.businessAccountId ?? this.state.accounts.first()?.businessAccountId ?? '';
    const about = {
      message_template_id: Number(template.id),
      message_template_name: template.name,
      message_template_language: template.language,
    };
    const { status, quality, reason, description } = body;
    const changes: { field: string; value: Json }[] = [];
    if (typeof status === 'string') {
      template.status = status as typeof template.status;
      if (typeof reason === 'string') template.rejectedReason = reason;
      const info = typeof description === 'string' ? { other_info: { title: reason ?? status, description } } : {};
      const value = { event: status, reason: template.rejectedReason ?? 'NONE', ...about, ...info };
      changes.push({ field: 'message_template_status_update', value });
    }
    if (typeof quality === 'string') {
      const value = { previous_quality_score: template.quality ?? 'UNKNOWN', new_quality_score: quality, ...about };
      template.quality = quality as NonNullable<typeof template.quality>;
      changes.push({ field: 'message_template_quality_update', value });
    }
    const time = typeof body['time'] === 'number' ? body['time'] : Math.floor(Date.now() / 1_000);
    const phoneNumberId = this.state.accounts.ofAccount(account)[0]?.id ?? '';
    const deliveries = changes.map(
      ({ field, value }) =>
        new Promise<boolean>((resolve) => {
          this.state.webhooks.enqueue({ businessAccountId: account, phoneNumberId, field, value, time }, resolve);
        }),
    );
    await answerWhenTaken(exchange, { ...template }, deliveries);
  }

  private async token({ request, response }: Exchange): Promise<void> {
    const { scopes, expiresAt, expired } = await readJsonObject(request, MAX_BODY_BYTES);
    const { token } = this.state;
    if (Array.isArray(scopes)) token.scopes = scopes.filter((scope) => typeof scope === 'string');
    if (typeof expiresAt === 'number') token.expiresAt = expiresAt;
    if (typeof expired === 'boolean') token.isExpired = expired;
    sendJson(response, 200, { ...token });
  }

  private async subscription({ request, response }: Exchange): Promise<void> {
    const { businessAccountId, subscribed } = await readJsonObject(request, MAX_BODY_BYTES);
    const id = asText(businessAccountId) ?? this.state.accounts.first()?.businessAccountId ?? '';
    if (subscribed === false) this.state.subscriptions.unsubscribe(id);
    else this.state.subscriptions.subscribe(id);
    sendJson(response, 200, { businessAccountId: id, subscribed: subscribed !== false });
  }
}

/** 200 once the business took everything; 202 with `?wait=false`, or when it has not within `?waitMs=`. */
async function answerWhenTaken(
  { query, response }: Exchange,
  body: Json,
  deliveries: Promise<boolean>[],
): Promise<void> {
  const waitMs = query.get('wait') === 'false' ? 0 : Number(query.get('waitMs') ?? DEFAULT_WAIT_MS);
  if (!(waitMs > 0)) {
    sendJson(response, 202, { ...body, delivered: false });
    return;
  }
  let timer: NodeJS.Timeout | undefined;
  const outOfTime = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, waitMs, false);
  });
  const taken = Promise.all(deliveries).then((all) => all.every(Boolean));
  const delivered = await Promise.race([taken, outOfTime]);
  clearTimeout(timer);
  sendJson(response, delivered ? 200 : 202, { ...body, delivered });
}
