import type { Random } from './random.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const DEEP = 5_000;
const LONG_CHARS = 200_000;
const FEW = 4;

/** What a careless or hostile sender puts where something else was meant. */
const STRANGE: ((random: Random) => Json)[] = [
  () => null,
  () => true,
  () => -0,
  () => 1e308,
  () => Number.MAX_SAFE_INTEGER + 2,
  () => '',
  () => 'a\u0000b',
  () => 'lone \ud83d surrogate',
  () => '\u202Eright to left\u2066',
  () => "'; drop table messages; --",
  () => '<img src=x onerror=alert(1)>',
  () => 'x'.repeat(LONG_CHARS),
  () => '9'.repeat(400),
  () => '-62135596801',
  () => [],
  () => ({}),
  () => [[[[]]]],
  () => ({ constructor: { prototype: { polluted: true } } }),
  (random) => random.below(2 ** 31),
];
const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  '',
  'id',
  'type',
  'from',
  'messages',
  'statuses',
  'ü',
  'a b',
  '$1',
];

/** A recorded body with a few things changed: fields dropped, renamed, retyped, repeated; now and then the bytes themselves. */
export function mutate(body: Buffer, random: Random): Buffer {
  const tree = parse(body);
  if (tree === undefined || random.chance(0.1)) return mutateBytes(body, random);
  let changed = tree;
  for (let count = 0; count < 1 + random.below(FEW); count += 1) changed = mutateTree(changed, random);
  const text = stringify(changed);
  if (text === null) return mutateBytes(body, random);
  if (random.chance(0.02)) return Buffer.from(`${'[['.repeat(DEEP)}${text}${']]'.repeat(DEEP)}`);
  return random.chance(0.1) ? mutateBytes(Buffer.from(text), random) : Buffer.from(text);
}

function parse(body: Buffer): Json | undefined {
  try {
    return JSON.parse(body.toString()) as Json;
  } catch {
    return undefined;
  }
}

/** Null for a tree so deep that it cannot be written again: some of the recorded ones are. */
function stringify(tree: Json): string | null {
  try {
    return JSON.stringify(tree);
  } catch {
    return null;
  }
}

/** Goes down at random and changes what is there. */
function mutateTree(tree: Json, random: Random): Json {
  if (Array.isArray(tree) && tree.length > 0 && random.chance(0.85)) {
    const place = random.below(tree.length);
    const copy = [...tree];
    if (random.chance(0.7)) copy[place] = mutateTree(copy[place]!, random);
    else if (random.chance(0.5)) copy.splice(place, 1);
    else copy.push(...Array.from({ length: 1 + random.below(FEW) }, () => copy[place]!));
    return random.chance(0.1) ? random.shuffled(copy) : copy;
  }
  if (typeof tree === 'object' && tree !== null && !Array.isArray(tree) && random.chance(0.9)) {
    const entries = Object.entries(tree);
    if (entries.length === 0) return strange(random);
    const place = random.below(entries.length);
    const [key, value] = entries[place]!;
    if (random.chance(0.75)) entries[place] = [key, mutateTree(value, random)];
    else if (random.chance(0.4)) entries.splice(place, 1);
    else if (random.chance(0.5)) entries[place] = [random.pick(NAMES), value];
    else entries.push([random.pick(NAMES), random.chance(0.5) ? value : strange(random)]);
    return fromEntries(entries);
  }
  return strange(random);
}

/** Also `__proto__` as a field of its own, as it stands on the wire. */
function fromEntries(entries: readonly [string, Json][]): Json {
  const object: { [key: string]: Json } = {};
  for (const [key, value] of entries)
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  return object;
}

const strange = (random: Random): Json => random.pick(STRANGE)(random);

function mutateBytes(body: Buffer, random: Random): Buffer {
  const copy = Buffer.from(body);
  if (copy.length === 0) return Buffer.from([random.below(256)]);
  if (random.chance(0.3)) return copy.subarray(0, random.below(copy.length));
  for (let count = 0; count < 1 + random.below(8); count += 1) copy[random.below(copy.length)] = random.below(256);
  return copy;
}
