/** An approved (or otherwise) template that the account owns. */
export interface TemplateDefinition {
  id: string;
  name: string;
  language: string;
  category: 'MARKETING' | 'UTILITY' | 'AUTHENTICATION';
  status: 'APPROVED' | 'PENDING' | 'PAUSED' | 'DISABLED' | 'REJECTED';
  /** Body text with its `{{1}}` or `{{name}}` variables. */
  body: string;
  /** Quick-reply buttons, if it has any. */
  buttons?: string[];
}

/** The templates a fresh simulator knows: one of each kind that tests need. */
export const defaultTemplates: readonly TemplateDefinition[] = [
  {
    id: '1013000000000001',
    name: 'hello_world',
    language: 'en_US',
    category: 'UTILITY',
    status: 'APPROVED',
    body: 'Welcome and congratulations! This message shows that you can reach your customers.',
  },
  {
    id: '1013000000000002',
    name: 'order_ready',
    language: 'en_US',
    category: 'UTILITY',
    status: 'APPROVED',
    body: 'Hello {{1}}, your order {{2}} is ready to be picked up.',
    buttons: ['On my way', 'Tomorrow'],
  },
  {
    id: '1013000000000003',
    name: 'order_ready',
    language: 'pt_BR',
    category: 'UTILITY',
    status: 'APPROVED',
    body: 'Olá {{1}}, seu pedido {{2}} está pronto para retirada.',
  },
  {
    id: '1013000000000004',
    name: 'follow_up',
    language: 'en_US',
    category: 'UTILITY',
    status: 'APPROVED',
    body: 'Hello {{first_name}}, you wrote to us recently. May we still help you?',
    buttons: ['Yes, please', 'No, thanks'],
  },
  {
    id: '1013000000000005',
    name: 'spring_offer',
    language: 'en_US',
    category: 'MARKETING',
    status: 'PAUSED',
    body: 'Ten per cent off all atlases this week.',
  },
];

/** The distinct variables of a body, in order: `1`, `2` … or names. */
export function templateVariables(body: string): string[] {
  return [...new Set([...body.matchAll(/\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g)].map((found) => found[1] ?? ''))];
}

/** The text that the customer sees, its variables filled in. */
export function renderTemplate(body: string, values: ReadonlyMap<string, string>): string {
  return body.replace(/\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g, (whole, name: string) => values.get(name) ?? whole);
}
