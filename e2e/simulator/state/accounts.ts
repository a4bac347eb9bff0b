import { DEFAULT_BUSINESS_ACCOUNT_ID, DEFAULT_DISPLAY_PHONE_NUMBER, type BusinessNumber } from '../options.ts';
import { asText, type Json } from '../core/json.ts';

/** The business accounts (WABAs) and numbers that this Cloud API serves. */
export class Accounts {
  private readonly numbers = new Map<string, BusinessNumber>();

  constructor(numbers: readonly BusinessNumber[]) {
    for (const number of numbers) this.add(number);
  }

  add(number: BusinessNumber): void {
    this.numbers.set(number.id, number);
  }

  find(phoneNumberId: string): BusinessNumber | undefined {
    return this.numbers.get(phoneNumberId);
  }

  /** The number that webhooks come from when nobody says which. */
  first(): BusinessNumber | undefined {
    return this.all()[0];
  }

  all(): BusinessNumber[] {
    return [...this.numbers.values()];
  }

  hasAccount(businessAccountId: string): boolean {
    return this.all().some((number) => number.businessAccountId === businessAccountId);
  }

  ofAccount(businessAccountId: string): BusinessNumber[] {
    return this.all().filter((number) => number.businessAccountId === businessAccountId);
  }

  /**
   * The number that a webhook is about. One that the simulator does not serve is made up, so that a test can send what
   * Meta would send for a number that was never connected.
   */
  forWebhook(phoneNumberId: string | undefined, metadata: Json): BusinessNumber {
    const first = this.first();
    const id = phoneNumberId ?? asText(metadata['phone_number_id']) ?? first?.id ?? '';
    return (
      this.numbers.get(id) ?? {
        id,
        displayPhoneNumber: asText(metadata['display_phone_number']) ?? DEFAULT_DISPLAY_PHONE_NUMBER,
        verifiedName: 'Unknown number',
        businessAccountId: first?.businessAccountId ?? DEFAULT_BUSINESS_ACCOUNT_ID,
      }
    );
  }
}
