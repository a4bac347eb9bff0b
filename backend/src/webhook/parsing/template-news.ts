import { clip } from '../../common/storable.js';
import type { TellsComponent, TemplateChange, TemplateNews } from '../../templates/template-change.js';
import { categoryOf, languageOf, qualityOf, statusOf } from '../../templates/template-words.js';
import { eventTimeOf, instantAt } from './event-time.js';
import { get, idAt, type JsonObject, objectAt, objectsAt, textAt, wordAt, wordsAt } from './json-values.js';

const MAX_DETAIL_CHARS = 2_000;
const FIELDS = new Set([
  'message_template_status_update',
  'message_template_quality_update',
  'message_template_components_update',
  'template_category_update',
  'template_correct_category_detection',
]);

/** What a field says of a template; a text = nothing can be done with it, null = the field is not about templates. */
export function templateChangeOf(
  field: string,
  entry: JsonObject,
  value: JsonObject | null,
  receivedAt: Date,
): TemplateChange | string | null {
  if (!FIELDS.has(field)) return null;
  const businessAccountId = idAt(entry, 'id');
  const name = wordAt(value, 'message_template_name', 512);
  const language = wordAt(value, 'message_template_language', 32);
  if (businessAccountId === null || name === null || language === null) return 'it names no template';
  const news = newsOf(field, value);
  if (news === null) return 'it says nothing about the template';
  const { at } = eventTimeOf({ timestamp: get(entry, 'time') }, receivedAt);
  const id = idAt(value, 'message_template_id');
  return { kind: 'template', businessAccountId, id, name, language: languageOf(language), at, news };
}

function newsOf(field: string, value: JsonObject | null): TemplateNews | null {
  if (field === 'message_template_components_update') {
    const components = componentsOf(value);
    return components.length > 0 ? { part: 'components', components } : null;
  }
  if (field === 'template_category_update' || field === 'template_correct_category_detection') {
    return categoryNews(value);
  }
  const event = wordAt(value, 'event');
  if (event !== null) return statusNews(event, value);
  // Meta's own sample has a report on quality under the field of the status: what is in it decides.
  const quality = wordAt(value, 'new_quality_score');
  return quality === null ? null : { part: 'quality', quality: qualityOf(quality) };
}

function statusNews(event: string, value: JsonObject | null): TemplateNews {
  const reason = wordAt(value, 'reason', 200);
  const rejection = objectAt(value, 'rejection_info');
  const other = objectAt(value, 'other_info');
  const said = [wordsAt(rejection, 'reason'), wordsAt(rejection, 'recommendation'), wordsAt(other, 'description')];
  return {
    part: 'status',
    status: statusOf(event),
    category: categoryOf(wordAt(value, 'message_template_category')),
    reason: reason === null || reason === 'NONE' ? wordAt(other, 'title', 200) : reason,
    detail: clip(said.filter((words) => words !== null).join('. '), MAX_DETAIL_CHARS) || null,
  };
}

/** `new_category` is the present one while a change is only announced; `correct_category` says what it will be. */
function categoryNews(value: JsonObject | null): TemplateNews | null {
  const announced = categoryOf(wordAt(value, 'correct_category') ?? wordAt(value, 'suggested_category'));
  if (announced !== null) {
    return { part: 'upcoming', category: announced, from: instantAt(value, 'category_update_timestamp') };
  }
  const category = categoryOf(wordAt(value, 'new_category'));
  return category === null ? null : { part: 'category', category };
}

function componentsOf(value: JsonObject | null): TellsComponent[] {
  const components: TellsComponent[] = [];
  const title = textAt(value, 'message_template_title');
  const body = textAt(value, 'message_template_element');
  const footer = textAt(value, 'message_template_footer');
  if (title) components.push({ type: 'HEADER', format: 'TEXT', text: title });
  if (body) components.push({ type: 'BODY', text: body });
  if (footer) components.push({ type: 'FOOTER', text: footer });
  const buttons = objectsAt(value, 'message_template_buttons').map((button) => {
    const url = textAt(button, 'message_template_button_url');
    const phone = textAt(button, 'message_template_button_phone_number');
    return {
      type: wordAt(button, 'message_template_button_type') ?? '',
      text: textAt(button, 'message_template_button_text') ?? '',
      ...(url !== null && { url }),
      ...(phone !== null && { phone_number: phone }),
    };
  });
  if (buttons.length > 0) components.push({ type: 'BUTTONS', buttons });
  return components;
}
