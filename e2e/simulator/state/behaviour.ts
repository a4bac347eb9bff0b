import { asJson, asJsonList, asNumber, asText, isJson, type Json } from '../core/json.ts';
import { RequestError } from '../core/http.ts';

/** What a customer's phone does with what arrives: shows it, keeps it in a pocket, or is unreachable. */
export const presences = ['open', 'away', 'off'] as const;
export type Presence = (typeof presences)[number];

const verdicts = ['APPROVED', 'REJECTED', 'NONE'] as const;

export const namedFaults = [
  'ok',
  'slow',
  'hang_after_accept',
  'reset_before',
  'reset_after',
  'http_500',
  'http_503_html',
] as const;

/** A Graph error on demand; `async` accepts the message and sends a `failed` status with the code instead. */
export interface CodeFault {
  code: number;
  http?: number;
  details?: string;
  async?: boolean;
}
export type Fault = (typeof namedFaults)[number] | CodeFault;

/** One rule for sends: the first that matches and is not used up decides. */
export interface SendRule {
  match?: { to?: string; type?: string; text?: string; phoneNumberId?: string };
  /** How many sends it applies to; without it, until the rules are replaced. */
  count?: number;
  fault: Fault;
  delayMs?: number;
}

export interface Behaviour {
  sends: SendRule[];
  webhooks: {
    duplicate: number;
    reorder: number;
    batch: number;
    delayMs: number;
    concurrency: number;
    /** How many times faster than Meta the retries come. */
    retrySpeed: number;
    timeoutMs: number;
  };
  statuses: {
    auto: boolean;
    sentMs: number;
    deliveredMs: number;
    readMs: number;
    playedMs: number;
    /** Share by which each delay varies. */
    jitter: number;
    /** Steps left out, as Meta leaves out `delivered` when the chat is open. */
    drop: string[];
    /** What phones do that nobody has set otherwise. */
    presence: Presence;
  };
  window: { mode: 'sync' | 'async' | 'off' };
  /** Of the two counts null = what the number's level and its account's tier say, 0 = no limit. */
  limits: { pair: boolean; messagesPerSecond: number | null; openings: number | null };
  /** How long a template is in review, and what comes of it; `NONE` leaves it there. `reason` is that of a rejection. */
  templates: { reviewMs: number; verdict: (typeof verdicts)[number]; reason: string };
  /** What to do with ids and windows from before the simulator started: it remembers nothing across restarts. */
  unknown: 'accept' | 'refuse';
}

/** The settings a simulator starts with: a healthy Cloud API with realistic delays. */
export function defaultBehaviour(): Behaviour {
  return {
    sends: [],
    webhooks: { duplicate: 0, reorder: 0, batch: 1, delayMs: 0, concurrency: 32, retrySpeed: 20, timeoutMs: 20_000 },
    statuses: {
      auto: true,
      sentMs: 100,
      deliveredMs: 300,
      readMs: 1_500,
      playedMs: 2_500,
      jitter: 0.3,
      drop: [],
      presence: 'open',
    },
    window: { mode: 'sync' },
    limits: { pair: true, messagesPerSecond: null, openings: null },
    templates: { reviewMs: 3_000, verdict: 'APPROVED', reason: 'INVALID_FORMAT' },
    unknown: 'accept',
  };
}

/** The part of `Behaviour` that a caller may give, each key on its own. */
export type BehaviourChange = {
  [K in keyof Behaviour]?: Behaviour[K] extends unknown[] | string ? Behaviour[K] : Partial<Behaviour[K]>;
};

/** Changes the given settings in place and leaves the others; `sends` is replaced as a whole. */
export function changeBehaviour(behaviour: Behaviour, change: BehaviourChange): void {
  if (change.sends) behaviour.sends = change.sends.map((rule) => ({ ...rule }));
  if (change.unknown) behaviour.unknown = change.unknown;
  Object.assign(behaviour.webhooks, change.webhooks);
  Object.assign(behaviour.statuses, change.statuses);
  Object.assign(behaviour.window, change.window);
  Object.assign(behaviour.limits, change.limits);
  Object.assign(behaviour.templates, change.templates);
}

/** Reads `POST /control/faults`; a misspelt key or a value of the wrong kind is 400, never silently ignored. */
export function parseBehaviourChange(body: Json): BehaviourChange {
  const template = defaultBehaviour();
  const change: Record<string, unknown> = {};
  for (const [section, value] of Object.entries(body)) {
    if (section === 'sends') change['sends'] = parseRules(value);
    else if (section === 'unknown') change['unknown'] = oneOf('unknown', value, ['accept', 'refuse']);
    else if (isSection(section)) change[section] = parseSection(section, value, template[section]);
    else throw new RequestError(400, `Unknown section "${section}".`);
  }
  return change;
}

type Section = 'webhooks' | 'statuses' | 'window' | 'limits' | 'templates';
const isSection = (word: string): word is Section =>
  ['webhooks', 'statuses', 'window', 'limits', 'templates'].includes(word);

function parseSection(section: string, value: unknown, template: object): Json {
  if (!isJson(value)) throw new RequestError(400, `"${section}" must be an object.`);
  const known = new Map<string, unknown>(Object.entries(template));
  for (const [key, given] of Object.entries(value)) {
    const name = `${section}.${key}`;
    if (!known.has(key)) throw new RequestError(400, `Unknown setting "${name}".`);
    if (name === 'statuses.presence') oneOf(name, given, presences);
    else if (name === 'templates.verdict') oneOf(name, given, verdicts);
    else if (name === 'window.mode') oneOf(name, given, ['sync', 'async', 'off']);
    else if (COUNTS.has(name) && (given === null || typeof given === 'number')) mustNotBeNegative(name, given ?? 0);
    else if (typeof given !== typeof known.get(key) || Array.isArray(given) !== Array.isArray(known.get(key)))
      throw new RequestError(400, `"${name}" must be a ${typeof known.get(key)}.`);
    else if (typeof given === 'number') mustNotBeNegative(name, given);
  }
  return value;
}

/** Settings that may also be null. */
const COUNTS = new Set(['limits.messagesPerSecond', 'limits.openings']);

function mustNotBeNegative(name: string, given: number): void {
  if (!(given >= 0)) throw new RequestError(400, `"${name}" must not be negative.`);
}

function parseRules(value: unknown): SendRule[] {
  if (!Array.isArray(value)) throw new RequestError(400, '"sends" must be a list.');
  return asJsonList(value).map((rule) => ({
    match: asJson(rule['match']),
    fault: parseFault(rule['fault']),
    count: asNumber(rule['count']),
    delayMs: asNumber(rule['delayMs']),
  }));
}

function parseFault(value: unknown): Fault {
  if (!isJson(value)) return oneOf('fault', value ?? 'ok', namedFaults);
  const code = asNumber(value['code']);
  if (code === undefined) throw new RequestError(400, '"fault.code" must be a number.');
  return { code, http: asNumber(value['http']), details: asText(value['details']), async: value['async'] === true };
}

function oneOf<T extends string>(name: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((item) => item === value);
  if (found === undefined) throw new RequestError(400, `"${name}" must be one of ${allowed.join(', ')}.`);
  return found;
}

/** The rule that decides about this send to somebody with these addresses; its count goes down by one. */
export function takeSendRule(
  behaviour: Behaviour,
  phoneNumberId: string,
  body: Json,
  addresses: readonly string[],
): SendRule | undefined {
  for (const rule of behaviour.sends) {
    if (rule.count === 0 || !matches(rule.match ?? {}, phoneNumberId, body, addresses)) continue;
    if (rule.count !== undefined) rule.count -= 1;
    return rule;
  }
  return undefined;
}

function matches(
  match: NonNullable<SendRule['match']>,
  phoneNumberId: string,
  body: Json,
  addresses: readonly string[],
): boolean {
  if (match.phoneNumberId !== undefined && match.phoneNumberId !== phoneNumberId) return false;
  if (match.to !== undefined && !addresses.includes(match.to.replace(/^\+/, ''))) return false;
  if (match.type !== undefined && match.type !== (asText(body['type']) ?? 'text')) return false;
  return match.text === undefined || JSON.stringify(body).includes(JSON.stringify(match.text).slice(1, -1));
}
