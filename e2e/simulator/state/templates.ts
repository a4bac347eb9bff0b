/** An approved (or otherwise) template that the account owns. */
export interface TemplateDefinition {
  id: string;
  name: string;
  language: string;
  category: 'MARKETING' | 'UTILITY' | 'AUTHENTICATION';
  status: 'APPROVED' | 'PENDING' | 'PAUSED' | 'DISABLED' | 'REJECTED';
  /** Whose it is; without it every account has it. */
  businessAccountId?: string;
  quality?: 'GREEN' | 'YELLOW' | 'RED' | 'UNKNOWN';
  rejectedReason?: string;
  /** Of a made one, as it was asked for; else its variables tell. */
  parameterFormat?: 'NAMED' | 'POSITIONAL';
  header?: { format: 'TEXT' | 'IMAGE' | 'VIDEO' | 'DOCUMENT' | 'LOCATION' | 'PRODUCT'; text?: string };
  /** Body text with its `{{1}}` or `{{name}}` variables. */
  body: string;
  footer?: string;
  /** A text alone is a quick reply. */
  buttons?: (string | TemplateButton)[] | undefined;
  /** Of a limited-time offer. */
  offer?: { text: string; hasExpiration: boolean };
  /** Of a carousel. */
  cards?: TemplateCard[];
  /** It asks whether the customer may be called. */
  asksToCall?: boolean;
  /** As they are listed, where somebody made the template; else they are put together from the rest. */
  components?: Record<string, unknown>[];
}

export interface TemplateCard {
  format: 'IMAGE' | 'VIDEO' | 'PRODUCT';
  body?: string;
  buttons?: (string | TemplateButton)[] | undefined;
}

export interface TemplateButton {
  type:
    | 'QUICK_REPLY'
    | 'URL'
    | 'PHONE_NUMBER'
    | 'COPY_CODE'
    | 'OTP'
    | 'FLOW'
    | 'VOICE_CALL'
    | 'REQUEST_CONTACT_INFO'
    | 'CATALOG'
    | 'SPM'
    | 'MPM';
  text: string;
  /** Of `URL`: may end with `{{1}}`. */
  url?: string;
  phone?: string;
}

/** Buttons of a template or of a card, all of one shape. */
export const buttonsOf = ({ buttons = [] }: Pick<TemplateDefinition, 'buttons'>): TemplateButton[] =>
  buttons.map((button) => (typeof button === 'string' ? { type: 'QUICK_REPLY', text: button } : button));

/** The distinct variables of a body, in order: `1`, `2` … or names. */
export function templateVariables(body: string): string[] {
  return [...new Set([...body.matchAll(/\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g)].map((found) => found[1] ?? ''))];
}

/** The text that the customer sees, its variables filled in. */
export function renderTemplate(body: string, values: ReadonlyMap<string, string>): string {
  return body.replace(/\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g, (whole, name: string) => values.get(name) ?? whole);
}
