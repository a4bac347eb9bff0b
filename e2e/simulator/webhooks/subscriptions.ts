import { randomInt } from 'node:crypto';

/** Where one account's (or number's) webhooks go instead of the app's URL. */
export interface CallbackOverride {
  url: string;
  verifyToken: string;
}

export interface SubscriptionOptions {
  webhookUrl: string | undefined;
  verifyToken: string;
  /** False when the app's own URL counts as verified from the start. */
  verifyCallback: boolean;
}

const VERIFY_TIMEOUT_MS = 10_000;

/**
 * Which callback URL gets an account's webhooks: number before account before app, as at Meta; and whether that URL has
 * answered the verification handshake. (Meta: webhooks, create an endpoint; overrides.)
 */
export class Subscriptions {
  private readonly options: SubscriptionOptions;
  private readonly unsubscribed = new Set<string>();
  private readonly overrides = new Map<string, CallbackOverride>();
  private readonly verified = new Set<string>();

  constructor(options: SubscriptionOptions) {
    this.options = options;
    if (!options.verifyCallback && options.webhookUrl !== undefined) this.verified.add(options.webhookUrl);
  }

  /** The URL for this number's webhooks; undefined when the account has no subscribed app or the app no URL. */
  callbackUrl(businessAccountId: string, phoneNumberId: string): string | undefined {
    if (this.unsubscribed.has(businessAccountId)) return undefined;
    const override = this.overrides.get(phoneNumberId) ?? this.overrides.get(businessAccountId);
    return override?.url ?? this.options.webhookUrl;
  }

  /** The app's own callback, which an override may stand before. */
  appUrl(): string | undefined {
    return this.options.webhookUrl;
  }

  isSubscribed(businessAccountId: string): boolean {
    return !this.unsubscribed.has(businessAccountId);
  }

  override(id: string): CallbackOverride | undefined {
    return this.overrides.get(id);
  }

  /** Subscribes the app to an account; an override must have passed `verify` before. */
  subscribe(businessAccountId: string): void {
    this.unsubscribed.delete(businessAccountId);
  }

  unsubscribe(businessAccountId: string): void {
    this.unsubscribed.add(businessAccountId);
  }

  /** Sets or (undefined) removes the override of an account or a number. */
  setOverride(id: string, override: CallbackOverride | undefined): void {
    if (override) this.overrides.set(id, override);
    else this.overrides.delete(id);
  }

  /** Back to the start: subscribed, no overrides. What passed the handshake stays known. */
  reset(): void {
    this.unsubscribed.clear();
    this.overrides.clear();
  }

  isVerified(url: string): boolean {
    return this.verified.has(url);
  }

  /** Meta's handshake: GET with a challenge, which the callback must echo with a 200. */
  async verify(url: string, verifyToken = this.options.verifyToken): Promise<boolean> {
    const challenge = String(randomInt(1_000_000_000, 2_000_000_000));
    const callback = new URL(url);
    callback.searchParams.set('hub.mode', 'subscribe');
    callback.searchParams.set('hub.challenge', challenge);
    callback.searchParams.set('hub.verify_token', verifyToken);
    try {
      const answer = await fetch(callback, { redirect: 'manual', signal: AbortSignal.timeout(VERIFY_TIMEOUT_MS) });
      if (answer.status !== 200 || (await answer.text()) !== challenge) return false;
    } catch {
      return false; // not up yet, or not reachable: the caller asks again
    }
    this.verified.add(url);
    return true;
  }
}
