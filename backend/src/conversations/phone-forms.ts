/**
 * Countries in which one mobile number has two forms in use: what people dial and write down, and what WhatsApp calls it
 * (`wa_id`; Meta: Cloud API, messages, `contacts[].wa_id` may differ from `input`). Each pair is a form and the other one.
 */
const FORMS: readonly (readonly [form: RegExp, other: string])[] = [
  // Brazil: mobiles got a 9 before their eight digits, of which the first is 6 to 9; landlines begin with 2 to 5.
  [/^55([1-9][1-9])9([6-9]\d{7})$/, '55$1$2'],
  [/^55([1-9][1-9])([6-9]\d{7})$/, '55$19$2'],
  // Argentina: a 9 after the country's code of a mobile. No landline has the ten digits of a mobile.
  [/^549([1-3]\d{9})$/, '54$1'],
  [/^54([1-3]\d{9})$/, '549$1'],
  // Mexico: a 1 after the country's code, dialled until 2019.
  [/^521([2-9]\d{9})$/, '52$1'],
  [/^52([2-9]\d{9})$/, '521$1'],
];

/** The other form of a number, both as digits with the country's code; null where a number has but one. */
export function otherForm(digits: string): string | null {
  for (const [form, other] of FORMS) {
    if (form.test(digits)) return digits.replace(form, other);
  }
  return null;
}

/** A number in each of its forms, the one that was given first. */
export function formsOf(digits: string): string[] {
  const other = otherForm(digits);
  return other === null ? [digits] : [digits, other];
}
