import { asJson, asJsonList, asText, type Json } from '../core/json.ts';
import type { BusinessNumber } from '../options.ts';
import { badParameter } from './check.ts';
import { unknownObject } from './errors.ts';

const STATUSES: ReadonlySet<unknown> = new Set(['ENABLED', 'DISABLED']);
const ICONS: ReadonlySet<unknown> = new Set(['DEFAULT', 'DISABLE_ALL']);
const DAYS = /^(MON|TUES|WEDNES|THURS|FRI|SATUR|SUN)DAY$/;
const CLOCK = /^([01]\d|2[0-3])[0-5]\d$/;

/** `GET|POST /{phone}/settings`: whether and when the number takes calls (Meta: Cloud API calling, settings). */
export function numberSettings(number: BusinessNumber, method: string, query: URLSearchParams, body: Json): Json {
  if (method === 'GET') return { calling: shown(number, query.get('include_sip_credentials') === 'true') };
  if (method !== 'POST') throw unknownObject(method, number.id);
  const calling = asJson(body['calling']);
  if (Object.keys(calling).length === 0) throw badParameter('The parameter calling is required.');
  const { status, call_icon_visibility: icon, callback_permission_status: callback, call_hours: hours } = calling;
  for (const word of [status, callback, asJson(hours)['status'], asJson(calling['sip'])['status']]) {
    if (word !== undefined && !STATUSES.has(word)) throw badParameter('A status must be one of {ENABLED, DISABLED}.');
  }
  if (icon !== undefined && !ICONS.has(icon)) {
    throw badParameter('Param call_icon_visibility must be one of {DEFAULT, DISABLE_ALL}.');
  }
  if (hours !== undefined) checkHours(asJson(hours));
  number.calling = { ...number.calling, ...calling };
  return { success: true };
}

function checkHours(hours: Json): void {
  if (asText(hours['timezone_id']) === undefined) throw badParameter('Param call_hours.timezone_id is required.');
  for (const { day_of_week: day, open_time: open, close_time: close } of asJsonList(hours['weekly_operating_hours'])) {
    const isFine = DAYS.test(asText(day) ?? '') && CLOCK.test(asText(open) ?? '') && CLOCK.test(asText(close) ?? '');
    if (!isFine) throw badParameter('Param weekly_operating_hours needs days such as MONDAY and times such as 0930.');
  }
}

/** The passwords of SIP servers stay out unless they are asked for. */
function shown({ calling = { status: 'DISABLED' } }: BusinessNumber, hasCredentials: boolean): Json {
  const servers = asJsonList(asJson(calling['sip'])['servers']);
  if (servers.length === 0) return calling;
  const sip = {
    ...asJson(calling['sip']),
    servers: servers.map(({ sip_user_password: password, ...server }) =>
      hasCredentials ? { ...server, sip_user_password: asText(password) ?? 'simulated' } : server,
    ),
  };
  return { ...calling, sip };
}
