/** What a contact can be called by; `phone` in digits, `bsuid` = Meta's business-scoped user id. */
export interface ContactNames {
  name: string | null;
  username: string | null;
  phone: string | null;
  bsuid: string | null;
}

/** A number as people read it; `null` stays `null` (a customer may be known by a username alone). */
export const shownPhone = (phone: string | null): string | null => (phone ? `+${phone.replace(/\D/g, '')}` : null);

/**
 * The best name there is, everywhere the same: the profile's, else the username, else the number, else the user id. Since
 * 2026 Meta may tell nothing but the last. No schema here: the browser may read it too. (Meta: business-scoped user ids.)
 */
export const shownContactName = ({ name, username, phone, bsuid }: ContactNames): string =>
  name?.trim() || username?.trim() || shownPhone(phone) || bsuid || 'Unknown';
