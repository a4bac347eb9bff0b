import type { Location, Media, ReplyButton, SendInteractive, UploadedFile } from '@parley/contract';
import { INTERACTIVE_LIMITS as LIMITS, PLACE_TEXT_MAX_CHARS } from '@parley/contract/limits';
import type { OfferContent } from '../../model/outbox-entry.js';
import { addressOffer, checkAddress, emptyAddress, type AddressDraft } from './address-draft.js';
import { cardOf, checkCard, emptyCard, type CardDraft } from './card-draft.js';
import { checkShop, emptyShop, flowOf, shopOffer, type ShopDraft, type ShopProblem } from './shop-draft.js';

/** What can be sent from the "+" of the composer. */
export const offerKinds = [
  'buttons',
  'list',
  'link',
  'flow',
  'product',
  'product_list',
  'catalog',
  'location_request',
  'contact_request',
  'address_request',
  'call_permission_request',
  'call_button',
  'location',
  'contacts',
] as const;
export type OfferKind = (typeof offerKinds)[number];

interface DraftRow {
  key: number;
  title: string;
  description: string;
}
export interface DraftSection {
  key: number;
  title: string;
  rows: DraftRow[];
}

/** What can stand above the text. */
export const headerKinds = ['text', 'image', 'video', 'document'] as const;
type HeaderKind = (typeof headerKinds)[number];

/** One form's content: the fields of every kind, of which each uses its own. */
export interface OfferDraft extends ShopDraft, AddressDraft, CardDraft {
  headerKind: HeaderKind;
  header: string;
  headerFile: UploadedFile | null;
  body: string;
  footer: string;
  buttonText: string;
  url: string;
  buttons: { key: number; title: string }[];
  sections: DraftSection[];
  place: { latitude: string; longitude: string; name: string; address: string };
}

/** What is wrong with a field: a key below `offers.problem`, with the number that its sentence names. */
export interface FieldProblem {
  key: ShopProblem['key'] | 'same' | 'https' | 'latitude' | 'longitude' | 'phone' | 'email' | 'birthday';
  n?: number;
}
/** By the field's path: `body`, `buttons.0.title`, `sections.0.rows.1.description` … */
export type Problems = ReadonlyMap<string, FieldProblem>;

let lastKey = 0;
const newKey = (): number => (lastKey += 1);
export const newButton = () => ({ key: newKey(), title: '' });
export const newRow = (): DraftRow => ({ key: newKey(), title: '', description: '' });
export const newSection = (): DraftSection => ({ key: newKey(), title: '', rows: [newRow()] });

export const emptyDraft = (): OfferDraft => ({
  headerKind: 'text',
  header: '',
  headerFile: null,
  body: '',
  footer: '',
  buttonText: '',
  url: '',
  buttons: [newButton()],
  sections: [newSection()],
  place: { latitude: '', longitude: '', name: '', address: '' },
  ...emptyShop(),
  ...emptyAddress(),
  ...emptyCard(),
});

export const rowCount = ({ sections }: OfferDraft): number => sections.reduce((sum, { rows }) => sum + rows.length, 0);
export const bodyLimit = (kind: OfferKind): number => (kind === 'list' ? LIMITS.listBody : LIMITS.body);
/** A product can stand without words. */
export const needsBody = (kind: OfferKind): boolean => kind !== 'product';
/** Kinds whose words stand below a heading. */
export const hasHeader = (kind: OfferKind): boolean =>
  ['buttons', 'list', 'link', 'flow', 'product_list', 'address_request'].includes(kind);
/** Kinds above whose words a file can stand instead of a heading (Meta: interactive messages, header). */
export const canHaveFile = (kind: OfferKind): boolean => ['buttons', 'link', 'flow'].includes(kind);
/** Which file stands there, if one does. */
export const fileKindOf = (kind: OfferKind, { headerKind }: OfferDraft): Exclude<HeaderKind, 'text'> | null =>
  canHaveFile(kind) && headerKind !== 'text' ? headerKind : null;
export const hasFooter = (kind: OfferKind): boolean => hasHeader(kind) || kind === 'product' || kind === 'catalog';
/** How much stands on the one button of a kind; 0 where the kind has none of its own. */
export function buttonTextLimit(kind: OfferKind): number {
  if (kind === 'flow') return LIMITS.flowButtonText;
  return ['list', 'link', 'call_button'].includes(kind) ? LIMITS.buttonText : 0;
}

/** Everything that Meta would refuse, or nobody would want sent. */
export function problemsOf(kind: OfferKind, draft: OfferDraft): Problems {
  const found = new Map<string, FieldProblem>();
  const check = (path: string, text: string, max: number, isNeeded = true): void => {
    const { length } = text.trim();
    if (isNeeded && length === 0) found.set(path, { key: 'empty' });
    else if (length > max) found.set(path, { key: 'over', n: length - max });
  };
  if (kind === 'location') checkPlace(draft, found, check);
  else if (kind === 'contacts') checkCard(draft, found, check);
  else check('body', draft.body, bodyLimit(kind), needsBody(kind));
  if (fileKindOf(kind, draft)) {
    if (!draft.headerFile) found.set('headerFile', { key: 'empty' });
  } else if (hasHeader(kind)) check('header', draft.header, LIMITS.header, kind === 'product_list');
  if (hasFooter(kind)) check('footer', draft.footer, LIMITS.footer, false);
  const buttonMax = buttonTextLimit(kind);
  if (buttonMax > 0) check('buttonText', draft.buttonText, buttonMax, kind !== 'call_button');
  if (kind === 'link' && !isHttps(draft.url)) found.set('url', { key: draft.url.trim() === '' ? 'empty' : 'https' });
  else if (kind === 'link') check('url', draft.url, LIMITS.url);
  if (kind === 'buttons') checkButtons(draft, found, check);
  if (kind === 'list') checkList(draft, check);
  if (kind === 'address_request') checkAddress(draft, found, check);
  checkShop(kind, draft, found, check);
  return found;
}

type Check = (path: string, text: string, max: number, isNeeded?: boolean) => void;

function checkButtons({ buttons }: OfferDraft, found: Map<string, FieldProblem>, check: Check): void {
  const seen = new Set<string>();
  for (const [index, { title }] of buttons.entries()) {
    const path = `buttons.${index}.title`;
    check(path, title, LIMITS.buttonTitle);
    const words = title.trim();
    if (words !== '' && seen.has(words)) found.set(path, { key: 'same' });
    seen.add(words);
  }
}

function checkList({ sections }: OfferDraft, check: Check): void {
  for (const [at, { title, rows }] of sections.entries()) {
    check(`sections.${at}.title`, title, LIMITS.sectionTitle, sections.length > 1);
    for (const [index, row] of rows.entries()) {
      check(`sections.${at}.rows.${index}.title`, row.title, LIMITS.rowTitle);
      check(`sections.${at}.rows.${index}.description`, row.description, LIMITS.rowDescription, false);
    }
  }
}

function checkPlace({ place }: OfferDraft, found: Map<string, FieldProblem>, check: Check): void {
  check('place.name', place.name, PLACE_TEXT_MAX_CHARS, false);
  check('place.address', place.address, PLACE_TEXT_MAX_CHARS, false);
  for (const [key, max] of [
    ['latitude', 90],
    ['longitude', 180],
  ] as const) {
    const text = place[key].trim();
    if (text === '') found.set(`place.${key}`, { key: 'empty' });
    else if (!(Math.abs(degreesOf(text)) <= max)) found.set(`place.${key}`, { key });
  }
}

const isHttps = (url: string): boolean => /^https:\/\//i.test(url.trim()) && URL.canParse(url.trim());

/** Degrees, with a decimal point or comma. */
const degreesOf = (text: string): number => Number(text.trim().replace(',', '.'));

/** Both numbers of a place, as maps copy them (`38.72, -9.13`); null when the text is something else. */
export function coordinatesOf(text: string): { latitude: string; longitude: string } | null {
  const found = /^\s*\(?\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*\)?\s*$/.exec(text);
  const [, latitude, longitude] = found ?? [];
  return latitude !== undefined && longitude !== undefined ? { latitude, longitude } : null;
}

/**
 * What leaves: what the server is asked, and how the bubble shows it until the server has answered; `media` is the file
 * above the text.
 */
export function contentOf(kind: OfferKind, draft: OfferDraft, media: Media | null = null): OfferContent {
  if (kind === 'location') {
    const location = placeOf(draft);
    return { type: 'location', part: location, shown: { location } };
  }
  if (kind === 'contacts') {
    const contacts = [cardOf(draft)];
    return { type: 'contacts', part: contacts, shown: { contacts } };
  }
  const offer = interactiveOf(kind, draft);
  const { body, headerFileId, ...parts } = { headerFileId: null, ...offer };
  const interactive = { kind, id: null, title: null, description: null, ...parts };
  return {
    type: 'interactive',
    part: offer,
    shown: {
      text: { body: body ?? '' },
      interactive: interactive as OfferContent['shown']['interactive'],
      ...(headerFileId && media && { media }),
    },
  };
}

function interactiveOf(kind: Exclude<OfferKind, 'location' | 'contacts'>, draft: OfferDraft): SendInteractive {
  const body = draft.body.trim();
  const [header, footer, buttonText] = [draft.header.trim(), draft.footer.trim(), draft.buttonText.trim()];
  const frame = { body, ...(header && { header }), ...(footer && { footer }) };
  const framed = fileKindOf(kind, draft)
    ? { body, ...(draft.headerFile && { headerFileId: draft.headerFile.id }), ...(footer && { footer }) }
    : frame;
  if (kind === 'buttons') return { kind, ...framed, buttons: withIds(draft.buttons) };
  if (kind === 'link') return { kind, ...framed, buttonText, url: draft.url.trim() };
  if (kind === 'flow') return { kind, ...framed, buttonText, flow: flowOf(draft.flow) };
  if (kind === 'list') return { kind, ...frame, buttonText, sections: sectionsOf(draft) };
  if (kind === 'call_button') {
    const ttlMinutes = Number(draft.callTtl);
    return { kind, body, ...(buttonText && { buttonText }), ...(ttlMinutes > 0 && { ttlMinutes }) };
  }
  if (kind === 'location_request' || kind === 'contact_request' || kind === 'call_permission_request') {
    return { kind, body };
  }
  if (kind === 'address_request') return addressOffer(draft, frame);
  return shopOffer(kind, draft, { body, header, footer });
}

function sectionsOf({ sections }: OfferDraft) {
  const ids = withIds(sections.flatMap(({ rows }) => rows)).values();
  return sections.map(({ title, rows }) => ({
    ...(title.trim() && { title: title.trim() }),
    rows: rows.map(({ description }) => ({
      ...(ids.next().value ?? { id: '', title: '' }),
      ...(description.trim() && { description: description.trim() }),
    })),
  }));
}

/** Ids made of the words, so that the answer means the same whenever it is offered again; no two are equal. */
function withIds(choices: readonly { title: string }[]): ReplyButton[] {
  const used = new Set<string>();
  return choices.map((choice) => {
    const title = choice.title.trim();
    const base = title.toLowerCase().replace(/\s+/g, '-');
    let id = base;
    for (let n = 2; used.has(id); n += 1) id = `${base}-${n}`;
    used.add(id);
    return { id, title };
  });
}

function placeOf({ place }: OfferDraft): Location {
  const [name, address] = [place.name.trim(), place.address.trim()];
  return {
    latitude: degreesOf(place.latitude),
    longitude: degreesOf(place.longitude),
    ...(name && { name }),
    ...(address && { address }),
  };
}
