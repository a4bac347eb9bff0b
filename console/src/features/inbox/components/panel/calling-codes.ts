/**
 * Calling code → the time zone of most who have it, by E.164's list of country codes and the IANA time zone database.
 * Countries with several zones stand with their largest; it is a hint for "is it night there", and says so.
 */
const ZONES: Record<string, string> = {
  1: 'America/New_York',
  20: 'Africa/Cairo',
  27: 'Africa/Johannesburg',
  30: 'Europe/Athens',
  31: 'Europe/Amsterdam',
  32: 'Europe/Brussels',
  33: 'Europe/Paris',
  34: 'Europe/Madrid',
  351: 'Europe/Lisbon',
  353: 'Europe/Dublin',
  358: 'Europe/Helsinki',
  36: 'Europe/Budapest',
  380: 'Europe/Kyiv',
  39: 'Europe/Rome',
  40: 'Europe/Bucharest',
  41: 'Europe/Zurich',
  420: 'Europe/Prague',
  43: 'Europe/Vienna',
  44: 'Europe/London',
  45: 'Europe/Copenhagen',
  46: 'Europe/Stockholm',
  47: 'Europe/Oslo',
  48: 'Europe/Warsaw',
  49: 'Europe/Berlin',
  51: 'America/Lima',
  52: 'America/Mexico_City',
  54: 'America/Argentina/Buenos_Aires',
  55: 'America/Sao_Paulo',
  56: 'America/Santiago',
  57: 'America/Bogota',
  58: 'America/Caracas',
  591: 'America/La_Paz',
  593: 'America/Guayaquil',
  595: 'America/Asuncion',
  598: 'America/Montevideo',
  60: 'Asia/Kuala_Lumpur',
  61: 'Australia/Sydney',
  62: 'Asia/Jakarta',
  63: 'Asia/Manila',
  64: 'Pacific/Auckland',
  65: 'Asia/Singapore',
  66: 'Asia/Bangkok',
  7: 'Europe/Moscow',
  81: 'Asia/Tokyo',
  82: 'Asia/Seoul',
  84: 'Asia/Ho_Chi_Minh',
  852: 'Asia/Hong_Kong',
  86: 'Asia/Shanghai',
  880: 'Asia/Dhaka',
  90: 'Europe/Istanbul',
  91: 'Asia/Kolkata',
  92: 'Asia/Karachi',
  94: 'Asia/Colombo',
  212: 'Africa/Casablanca',
  213: 'Africa/Algiers',
  216: 'Africa/Tunis',
  221: 'Africa/Dakar',
  233: 'Africa/Accra',
  234: 'Africa/Lagos',
  254: 'Africa/Nairobi',
  255: 'Africa/Dar_es_Salaam',
  256: 'Africa/Kampala',
  961: 'Asia/Beirut',
  962: 'Asia/Amman',
  964: 'Asia/Baghdad',
  965: 'Asia/Kuwait',
  966: 'Asia/Riyadh',
  968: 'Asia/Muscat',
  971: 'Asia/Dubai',
  972: 'Asia/Jerusalem',
  973: 'Asia/Bahrain',
  974: 'Asia/Qatar',
};
const LONGEST_CODE = 3;

/** The likely time zone of a number in international form; null where the code is not known. */
export function likelyTimeZone(phone: string | null): string | null {
  const digits = phone?.replace(/\D/gu, '') ?? '';
  for (let length = LONGEST_CODE; length > 0; length -= 1) {
    const zone = ZONES[digits.slice(0, length)];
    if (zone) return zone;
  }
  return null;
}
