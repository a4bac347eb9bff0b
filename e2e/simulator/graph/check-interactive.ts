import { asJson, asJsonList, asText, type Json } from '../core/json.ts';
import { checkAddressRequest } from './check-address.ts';
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
/** They have words and one button that Meta names itself. */
const BODY_ONLY = new Set([
  'location_request_message',
  'request_contact_info',
  'call_permission_request',
  'voice_call',
]);
const PARAMETERS = 'interactive.action.parameters';
/** What can stand above the text beside words (Meta: interactive messages, header). */
const FILE_HEADERS = new Set(['image', 'video', 'document']);
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
  for (const part of ['header', 'footer']) {
    if (BODY_ONLY.has(type) && content[part] !== undefined) throw invalid(`A ${type} message has no ${part}.`);
  }
  const isList = type === 'list';
  if (!WITHOUT_BODY.has(type) || content['body'] !== undefined) {
    needText(needObject(content, 'body', 'interactive.body'), 'text', 'interactive.body.text', isList ? 4_096 : 1_024);
  }
  if (content['footer'] !== undefined) {
    optionalText(needObject(content, 'footer', 'interactive.footer'), 'text', 'interactive.footer.text', 60);
  }
  if (content['header'] === undefined || content['header'] === null) {
    if (type === 'product_list') throw missing('interactive.header');
    return;
  }
  const header = needObject(content, 'header', 'interactive.header');
  const kind = needText(header, 'type', 'interactive.header.type', 32);
  if (isList && kind !== 'text') throw invalid('A list message can only have a text header.');
  if (type === 'product') throw invalid('A product message has no header.');
  if (kind === 'text') {
    needText(header, 'text', 'interactive.header.text', 60);
    return;
  }
  if (!FILE_HEADERS.has(kind) || type === 'product_list')
    throw invalid(`'interactive.header.type' is unknown: ${kind}`);
  const { id, link } = needObject(header, kind, `interactive.header.${kind}`);
  if ((id === undefined) === (link === undefined)) throw missing(`interactive.header.${kind}.id`);
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
  for (const section of sections) needList(section, 'rows', 'interactive.action.sections.rows', 1, 10);
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
  for (const section of sections) {
    if (sections.length > 1) needText(section, 'title', 'Section title', 24);
  }
  const items = sections.flatMap((section) => asJsonList(section['product_items']));
  if (items.length < 1 || items.length > 30) throw invalid('A product list has 1 to 30 items.');
}

function checkNamed(action: Json, type: string, expected: string): void {
  if (needText(action, 'name', 'interactive.action.name', 64) !== expected) {
    throw invalid(`'interactive.action.name' must be ${expected}.`);
  }
  if (type === 'cta_url') checkLink(needObject(action, 'parameters', PARAMETERS));
  else if (type === 'flow') checkFlow(needObject(action, 'parameters', PARAMETERS));
  else if (type === 'address_message') checkAddressRequest(needObject(action, 'parameters', PARAMETERS));
  else if (type === 'voice_call' && action['parameters'] !== undefined) {
    checkCall(needObject(action, 'parameters', PARAMETERS));
  }
}

function checkLink(parameters: Json): void {
  needText(parameters, 'display_text', `${PARAMETERS}.display_text`, 20);
  const url = needText(parameters, 'url', `${PARAMETERS}.url`, 2_000);
  if (!/^https?:\/\/[^\s/]+/.test(url)) throw invalid(`'${PARAMETERS}.url' is not a URL.`);
}

function checkFlow(parameters: Json): void {
  needText(parameters, 'flow_message_version', `${PARAMETERS}.flow_message_version`, 8);
  needText(parameters, 'flow_cta', `${PARAMETERS}.flow_cta`, 30);
  const names = ['flow_id', 'flow_name'].filter((key) => asText(parameters[key]) !== undefined);
  if (names.length !== 1) throw missing(`${PARAMETERS}: exactly one of flow_id and flow_name`);
  const { mode, flow_action: does } = parameters;
  if (mode !== undefined && mode !== 'draft' && mode !== 'published') throw invalid(`'${PARAMETERS}.mode' is unknown.`);
  if (does !== undefined && does !== 'navigate' && does !== 'data_exchange') {
    throw invalid(`'${PARAMETERS}.flow_action' is unknown.`);
  }
}

function checkCall(parameters: Json): void {
  optionalText(parameters, 'display_text', `${PARAMETERS}.display_text`, 20);
  const { ttl_minutes: ttl } = parameters;
  if (ttl !== undefined && !(Number.isInteger(ttl) && Number(ttl) >= 1 && Number(ttl) <= 43_200)) {
    throw invalid(`'${PARAMETERS}.ttl_minutes' must be between 1 and 43200.`);
  }
}

function mustDiffer(items: readonly Json[], key: string, name: string): void {
  if (new Set(items.map((item) => item[key])).size < items.length) throw invalid(`${name} must be unique.`);
}
