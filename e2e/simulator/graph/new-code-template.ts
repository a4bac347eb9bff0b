import { asJsonList, asText, type Json } from '../core/json.ts';
import { badParameter } from './check.ts';
import { oneOf, type TemplateContent } from './new-template-parts.ts';

const LINK = 'https://www.whatsapp.com/otp/code/';
const PACKAGE = /^[A-Za-z]\w*(\.[A-Za-z]\w*)+$/;
const SIGNATURE = /^[A-Za-z0-9+/=]{11}$/;
const MAX_APPS = 5;

/** Meta words a one-time code itself, and lists its button as a link (Meta: authentication templates). */
export function codeContent(find: (type: string) => Json | undefined): TemplateContent {
  const advice = find('BODY')?.['add_security_recommendation'] === true;
  const minutes = find('FOOTER')?.['code_expiration_minutes'];
  const [button] = asJsonList(find('BUTTONS')?.['buttons']);
  if (find('BODY')?.['text'] !== undefined) throw badParameter('The body of an authentication template has no text.');
  if (asText(button?.['type'])?.toUpperCase() !== 'OTP') {
    throw badParameter('An authentication template needs an OTP button.');
  }
  if (minutes !== undefined && !(typeof minutes === 'number' && minutes >= 1 && minutes <= 90)) {
    throw badParameter('code_expiration_minutes must be between 1 and 90.');
  }
  const title = asText(button?.['text']) ?? 'Copy code';
  const text = `*{{1}}* is your verification code.${advice ? ' For your security, do not share this code.' : ''}`;
  const footer = minutes === undefined ? undefined : `This code expires in ${String(minutes)} minutes.`;
  const link = `${LINK}?${queryOf(button ?? {}).toString()}&code=otp`;
  return {
    category: 'AUTHENTICATION',
    body: text,
    ...(footer !== undefined && { footer }),
    buttons: [{ type: 'OTP', text: title }],
    components: [
      { type: 'BODY', text, add_security_recommendation: advice, example: { body_text: [['123456']] } },
      ...(footer === undefined ? [] : [{ type: 'FOOTER', text: footer, code_expiration_minutes: minutes }]),
      { type: 'BUTTONS', buttons: [{ type: 'URL', text: title, url: `${link}{{1}}`, example: [`${link}123456`] }] },
    ],
  };
}

/** How the code is handed on: to the apps that are named, and without a tap only to who took the terms. */
function queryOf(button: Json): URLSearchParams {
  const type = oneOf(['COPY_CODE', 'ONE_TAP', 'ZERO_TAP'] as const, button['otp_type'], 'otp_type');
  const query = new URLSearchParams({ otp_type: type });
  if (type === 'COPY_CODE') return query;
  if (type === 'ZERO_TAP' && button['zero_tap_terms_accepted'] !== true) {
    throw badParameter('Param zero_tap_terms_accepted must be true.');
  }
  const apps = button['supported_apps'] === undefined ? [button] : asJsonList(button['supported_apps']);
  if (apps.length < 1 || apps.length > MAX_APPS) throw badParameter('Param supported_apps must name 1 to 5 apps.');
  query.set('cta_display_name', asText(button['autofill_text']) ?? 'Autofill');
  for (const app of apps) {
    const [name = '', hash = ''] = [asText(app['package_name']), asText(app['signature_hash'])];
    if (!PACKAGE.test(name) || !SIGNATURE.test(hash)) {
      throw badParameter('Param supported_apps needs a package_name and a signature_hash of 11 characters.');
    }
    query.append('package_name', name);
    query.append('signature_hash', hash);
  }
  return query;
}
