/*
 * Limits that the browser needs only once a form is open: apart from the other plain values (`constants.ts`), so that they
 * are fetched with the form. No schema here, for the same reason as there.
 */

/** Meta's limits for interactive messages (Cloud API, interactive messages): characters, unless it says how many. */
export const INTERACTIVE_LIMITS = {
  body: 1_024,
  /** A list may say more than the other kinds. */
  listBody: 4_096,
  header: 60,
  footer: 60,
  buttons: 3,
  buttonId: 256,
  buttonTitle: 20,
  /** Words on the button that opens a list, a link or a call. */
  buttonText: 20,
  sections: 10,
  sectionTitle: 24,
  /** In all sections together. */
  rows: 10,
  rowId: 200,
  rowTitle: 24,
  rowDescription: 72,
  url: 2_000,
  flowButtonText: 30,
  productSections: 10,
  products: 30,
  callTtlMinutes: 43_200,
} as const;

/** What an address in India is made of, by Meta's own names and in the order of its form (Cloud API, address messages). */
export const ADDRESS_FIELDS = [
  'name',
  'phone_number',
  'in_pin_code',
  'house_number',
  'floor_number',
  'tower_number',
  'building_name',
  'address',
  'landmark_area',
  'city',
  'state',
] as const;
export type AddressField = (typeof ADDRESS_FIELDS)[number];

/** Characters, and how many addresses can be chosen from. Meta names only that of the PIN code; the others are ours. */
export const ADDRESS_LIMITS = { pinCode: 6, value: 256, savedAddresses: 10 } as const;

/** Ids and names of what was made at Meta (forms, catalogues, products); Meta names no limit, this one is ours. */
export const META_ID_MAX_CHARS = 256;

/** Meta names none for places and contact cards; these are ours. */
export const PLACE_TEXT_MAX_CHARS = 1_000;
export const CARD_LINE_MAX_CHARS = 500;

/** Industries that a business can say it is in (Meta: business profiles, vertical). */
export const BUSINESS_VERTICALS = [
  'ALCOHOL',
  'APPAREL',
  'AUTO',
  'BEAUTY',
  'EDU',
  'ENTERTAIN',
  'EVENT_PLAN',
  'FINANCE',
  'GOVT',
  'GROCERY',
  'HEALTH',
  'HOTEL',
  'NONPROFIT',
  'ONLINE_GAMBLING',
  'OTC_DRUGS',
  'OTHER',
  'PHYSICAL_GAMBLING',
  'PROF_SERVICES',
  'RESTAURANT',
  'RETAIL',
  'TRAVEL',
] as const;

/** Of the link to a file that is to be sent. */
export const FILE_LINK_MAX_CHARS = 2_000;
