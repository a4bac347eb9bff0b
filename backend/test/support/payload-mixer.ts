import fc from 'fast-check';
import { manifest, payload } from './webhook-rig.js';

/** One change of a body with the entry it stands in; `raw` = a body that no other can be mixed with. */
export type Piece =
  { kind: 'change'; entry: { id?: unknown; time?: unknown }; change: unknown } | { kind: 'raw'; bytes: Buffer };

interface Change {
  field?: unknown;
  value?: unknown;
}

/** What writing the parsed body again would change: numbers too large, keys twice. */
const ONLY_AS_THEY_ARE = new Set(['149-very-large-ints.json', '159-duplicate-json-keys.json']);
/** Lists whose elements Meta may as well send in a body each. */
const LISTS = ['messages', 'statuses', 'errors'] as const;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The whole set in its smallest pieces, in the order of the files. */
export const allPieces = (): Piece[] => manifest.files.flatMap(({ file }) => piecesOf(file));

function piecesOf(file: string): Piece[] {
  const bytes = payload(file);
  const whole: Piece[] = [{ kind: 'raw', bytes }];
  if (ONLY_AS_THEY_ARE.has(file)) return whole;
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(bytes));
    // Nesting may be deeper than can be written again.
    JSON.stringify(body);
  } catch {
    return whole;
  }
  if (!isObject(body) || body['object'] !== 'whatsapp_business_account') return whole;
  const entries: unknown = body['entry'];
  if (!Array.isArray(entries) || !entries.every(hasChanges)) return whole;
  return entries.flatMap(({ changes, ...entry }) =>
    changes.flatMap(split).map((change): Piece => ({ kind: 'change', entry, change })),
  );
}

const hasChanges = (entry: unknown): entry is { changes: Change[] } =>
  isObject(entry) && Array.isArray(entry['changes']) && entry['changes'].every((one) => isObject(one));

/** A change of many messages as changes of one. */
function split(change: Change): Change[] {
  const { value } = change;
  if (change.field !== 'messages' || !isObject(value)) return [change];
  const lists = LISTS.filter((list) => Array.isArray(value[list]));
  if (lists.length === 0) return [change];
  const { messages: _m, statuses: _s, errors: _e, ...shared } = value;
  return lists.flatMap((list) =>
    (value[list] as unknown[]).map((one) => ({ ...change, value: { ...shared, [list]: [one] } })),
  );
}

/** How a set is mixed: small, so that a failure can be read and played again. */
export interface Mix {
  /** Of the order, and of which pieces come again. */
  seed: number;
  /** Per cent of the pieces that come twice or thrice. */
  repeated: number;
  /** Pieces in a body, at most. */
  size: number;
}

export const mixes: fc.Arbitrary<Mix> = fc.record({
  seed: fc.integer(),
  repeated: fc.integer({ min: 0, max: 40 }),
  size: fc.integer({ min: 1, max: 120 }),
});

/**
 * The pieces in another order, some of them more than once, in bodies of another size; in a body some share an entry, and
 * some the lists of one value, whichever files they come from.
 */
export function mixed(pieces: readonly Piece[], { seed, repeated, size }: Mix): Buffer[] {
  const next = randomOf(seed);
  const again = pieces.flatMap((piece) => (next() * 100 < repeated ? (next() < 0.2 ? [piece, piece] : [piece]) : []));
  return bodiesOf(shuffled([...pieces, ...again], next), size, next);
}

/** The pieces as they are, a body for each. */
export const apart = (pieces: readonly Piece[]): Buffer[] => pieces.map((piece) => bodyOf([piece]));

function bodiesOf(pieces: readonly Piece[], size: number, next: () => number): Buffer[] {
  const bodies: Buffer[] = [];
  const batch: Piece[] = [];
  const joins: Joins = () => next() < 0.6;
  for (const piece of pieces) {
    if (piece.kind === 'raw') bodies.push(piece.bytes);
    else batch.push(piece);
    if (batch.length > next() * size) bodies.push(bodyOf(batch.splice(0), joins));
  }
  return batch.length > 0 ? [...bodies, bodyOf(batch, joins)] : bodies;
}

/** How the pieces of a body are put into entries and values: each into one of its own, or with others as it falls. */
type Joins = () => boolean;
const NEVER: Joins = () => false;
/** So many changes before a piece are looked at for one that it could be part of. */
const LOOKED_BACK = 12;

function bodyOf(pieces: readonly Piece[], joins: Joins = NEVER): Buffer {
  const [first] = pieces;
  if (first?.kind === 'raw') return first.bytes;
  const entry: { key: string; changes: Change[] }[] = [];
  for (const piece of pieces) {
    if (piece.kind === 'raw') continue;
    const key = JSON.stringify(piece.entry);
    const change = piece.change as Change;
    const likes = entry.filter((one) => one.key === key);
    if (joins() && likes.slice(-LOOKED_BACK).some(({ changes }) => joinedInto(changes, change))) continue;
    const [like] = joins() ? likes : [];
    if (like) like.changes.push(change);
    else entry.push({ key, changes: [change] });
  }
  const entries = entry.map(({ key, changes }) => ({ ...(JSON.parse(key) as object), changes }));
  return Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry: entries }));
}

/** Puts a change's messages, statuses and errors beside those of one before it, where Meta could have sent them so. */
function joinedInto(changes: Change[], change: Change): boolean {
  for (const [index, one] of [...changes.entries()].slice(-LOOKED_BACK)) {
    const both = joined(one, change);
    if (both === null) continue;
    changes[index] = both;
    return true;
  }
  return false;
}

function joined(left: Change, right: Change): Change | null {
  if (left.field !== 'messages' || right.field !== 'messages') return null;
  const [one, other] = [valueOf(left), valueOf(right)];
  const contacts = one && other && bookOf([...one.contacts, ...other.contacts]);
  if (!one || !other || !contacts || JSON.stringify(one.shared) !== JSON.stringify(other.shared)) return null;
  const lists = LISTS.flatMap((list) => {
    const all = [...one.lists[list], ...other.lists[list]];
    return all.length > 0 ? [[list, all] as const] : [];
  });
  const value = { ...one.shared, ...(contacts.length > 0 && { contacts }), ...Object.fromEntries(lists) };
  return { ...left, value };
}

type Lists = Record<(typeof LISTS)[number], unknown[]>;

/** A value taken apart; null where something stands in it that is no list. */
function valueOf({ value }: Change): { shared: object; contacts: unknown[]; lists: Lists } | null {
  if (!isObject(value)) return null;
  const { messages = [], statuses = [], errors = [], contacts = [], ...shared } = value;
  if (![messages, statuses, errors, contacts].every((list) => Array.isArray(list))) return null;
  return { shared, contacts, lists: { messages, statuses, errors } as Lists } as ReturnType<typeof valueOf>;
}

/** Each person once; null where two entries say different things of one, which Meta's do not. */
function bookOf(contacts: readonly unknown[]): unknown[] | null {
  const texts = new Map(contacts.map((contact) => [JSON.stringify(contact), contact]));
  const seen = new Set<unknown>();
  for (const contact of texts.values()) {
    if (!isObject(contact)) return null;
    for (const id of [contact['user_id'], contact['wa_id']]) {
      if (id === undefined) continue;
      if (seen.has(id)) return null;
      seen.add(id);
    }
  }
  return [...texts.values()];
}

function shuffled<Item>(items: readonly Item[], next: () => number): Item[] {
  return items
    .map((item) => ({ item, place: next() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

/** A small repeatable source of numbers from 0 to 1 (mulberry32): a failure's seed says everything. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixedUp = Math.imul(state ^ (state >>> 15), state | 1);
    mixedUp ^= mixedUp + Math.imul(mixedUp ^ (mixedUp >>> 7), mixedUp | 61);
    return ((mixedUp ^ (mixedUp >>> 14)) >>> 0) / 2 ** 32;
  };
}
