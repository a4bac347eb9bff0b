import { asJson, asJsonList, asText, type Json } from '../core/json.ts';
import { invalid, missing, needList, needObject, needText, optionalText } from './check.ts';

/** Sub-types whose `action` only has to be there with the right name (Meta: Cloud API, interactive messages). */
const NAMED_ACTIONS: Readonly<Record<string, string>> = {
  cta_url: 'cta_url',
  flow: 'flow',
  catalog_message: 'catalog_message',
  location_request_message: 'send_location',
  address_message: 'address_message',
  voice_call: 'voice_call',
  call_permission_request: 'call_permission_request',
  request_contact_info: 'request_contact_info',
  order_details: 'review_and_pay',
  order_status: 'review_order',
};
const WITHOUT_BODY = new Set(['product', 'catalog_message']);

/** Checks an interactive message against Meta's limits; throws a `GraphError`. */
export function checkInteractive(content: Json): void {
  const type = asText(content['type']);
  if (type === undefined) throw missing('interactive.type');
  const action =
    type === 'call_permission_request'
      ? asJson(content['action'])
      : needObject(content, 'action', 'interactive.action');
  checkAround(content, type);
  const expected = NAMED_ACTIONS[type];
  if (type === 'button') checkButtons(action);
  else if (type === 'list') checkList(action);
  else if (type === 'product') checkProduct(action);
  else if (type === 'product_list') checkProductList(action);
  else if (type === 'carousel') needList(action, 'cards', 'interactive.action.cards', 2, 10);
  else if (expected === undefined) throw invalid(`'interactive.type' is unknown: ${type}`);
  else if (action['name'] !== undefined || type !== 'call_permission_request') checkNamed(action, type, expected);
}

function checkAround(content: Json, type: string): void {
  const isList = type === 'list';
  if (!WITHOUT_BODY.has(type) || content['body'] !== undefined) {
    needText(needObject(content, 'body', 'interactive.body'), 'text', 'interactive.body.text', isList ? 4_096 : 1_024);
  }
  if (content['footer'] !== undefined) {
    optionalText(needObject(content, 'footer', 'interactive.footer'), 'text', 'interactive.footer.text', 60);
  }
  if (content['header'] === undefined || content['header'] === null) return;
  const header = needObject(content, 'header', 'interactive.header');
  const kind = needText(header, 'type', 'interactive.header.type', 32);
  if (isList && kind !== 'text') throw invalid('A list message can only have a text header.');
  if (type === 'product') throw invalid('A product message has no header.');
  if (kind === 'text') needText(header, 'text', 'interactive.header.text', 60);
  else needObject(header, kind, `interactive.header.${kind}`);
}

function checkButtons(action: Json): void {
  const buttons = needList(action, 'buttons', 'interactive.action.buttons', 1, 3);
  const replies = buttons.map((button) => needObject(button, 'reply', 'interactive.action.buttons.reply'));
  for (const reply of replies) {
    const id = needText(reply, 'id', 'Button id', 256);
    if (id !== id.trim()) throw invalid('Button id has outer spaces.');
    needText(reply, 'title', 'Button title', 20);
  }
  mustDiffer(replies, 'id', 'Button id');
  mustDiffer(replies, 'title', 'Button title');
}

function checkList(action: Json): void {
  needText(action, 'button', 'List button', 20);
  const sections = needList(action, 'sections', 'interactive.action.sections', 1, 10);
  const rows = sections.flatMap((section) => asJsonList(section['rows']));
  if (rows.length < 1 || rows.length > 10) throw invalid('Total row count exceed max allowed count: 10');
  for (const section of sections) {
    if (sections.length > 1) needText(section, 'title', 'Section title', 24);
    else optionalText(section, 'title', 'Section title', 24);
  }
  for (const row of rows) {
    needText(row, 'id', 'Row id', 200);
    needText(row, 'title', 'Row title', 24);
    optionalText(row, 'description', 'Row description', 72);
  }
  mustDiffer(rows, 'id', 'Row id');
}

function checkProduct(action: Json): void {
  needText(action, 'catalog_id', 'interactive.action.catalog_id', 256);
  needText(action, 'product_retailer_id', 'interactive.action.product_retailer_id', 256);
}

function checkProductList(action: Json): void {
  needText(action, 'catalog_id', 'interactive.action.catalog_id', 256);
  const sections = needList(action, 'sections', 'interactive.action.sections', 1, 10);
  const items = sections.flatMap((section) => asJsonList(section['product_items']));
  if (items.length < 1 || items.length > 30) throw invalid('A product list has 1 to 30 items.');
}

function checkNamed(action: Json, type: string, expected: string): void {
  if (needText(action, 'name', 'interactive.action.name', 64) !== expected) {
    throw invalid(`'interactive.action.name' must be ${expected}.`);
  }
  if (type !== 'cta_url') return;
  const parameters = needObject(action, 'parameters', 'interactive.action.parameters');
  needText(parameters, 'display_text', 'interactive.action.parameters.display_text', 20);
  needText(parameters, 'url', 'interactive.action.parameters.url', 2_000);
}

function mustDiffer(items: readonly Json[], key: string, name: string): void {
  if (new Set(items.map((item) => item[key])).size < items.length) throw invalid(`${name} must be unique.`);
}
