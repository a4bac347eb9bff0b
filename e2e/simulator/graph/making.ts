import { asText, type Json } from '../core/json.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import type { TemplateDefinition } from '../state/templates.ts';
import { badParameter } from './check.ts';
import { unknownObject } from './errors.ts';
import { contentOf } from './new-template.ts';
import { refused } from './new-template-parts.ts';

const FIRST_ID = 1_013_000_000_100_000;
const SECOND_MS = 1_000;

/** `POST /{waba}/message_templates`: in review until `templates.reviewMs` has passed, then as `templates.verdict` says. */
export function createTemplate(state: SimulatorState, businessAccountId: string, body: Json): Json {
  const name = asText(body['name']) ?? '';
  const language = asText(body['language']) ?? '';
  if (!/^[a-z0-9_]{1,512}$/.test(name))
    throw badParameter('Param name must have only lower-case letters, digits and _.');
  if (!/^[a-z]{2,3}(_[A-Z]{2,3})?$/.test(language)) throw badParameter(`Param language ${language} is not supported.`);
  const isTaken = state.templates.some(
    (template) =>
      template.name === name &&
      template.language === language &&
      (template.businessAccountId ?? businessAccountId) === businessAccountId,
  );
  if (isTaken) {
    throw refused(2388024, `There is already ${language} content for this template. You can create a new template.`);
  }
  if (state.deletedTemplates.has(`${businessAccountId} ${name} ${language}`)) {
    throw refused(2388023, `New ${language} content can’t be added while the existing content is being deleted.`);
  }
  const template: TemplateDefinition = {
    id: String(FIRST_ID + (state.templateCount.next += 1)),
    name,
    language,
    businessAccountId,
    status: 'PENDING',
    parameterFormat: formatOf(body),
    ...contentOf(body, (handle) => state.uploads.has(handle)),
  };
  state.templates.push(template);
  review(state, template);
  return { id: template.id, status: template.status, category: template.category };
}

/** `POST /{template_id}`: what is in review or disabled stays as it is. */
export function editTemplate(state: SimulatorState, template: TemplateDefinition, body: Json): Json {
  if (template.status === 'PENDING' || template.status === 'DISABLED') {
    throw refused(2388039, 'You can only edit templates that are approved, rejected or paused.');
  }
  const content = contentOf({ category: template.category, ...body }, (handle) => state.uploads.has(handle));
  delete template.header;
  delete template.footer;
  delete template.buttons;
  delete template.offer;
  delete template.cards;
  delete template.asksToCall;
  delete template.rejectedReason;
  Object.assign(template, content, { status: 'PENDING', parameterFormat: formatOf(body) });
  review(state, template);
  return { success: true };
}

const formatOf = (body: Json): 'NAMED' | 'POSITIONAL' =>
  asText(body['parameter_format'])?.toUpperCase() === 'NAMED' ? 'NAMED' : 'POSITIONAL';

/** `DELETE /{waba}/message_templates?name=[&hsm_id=]`; the name of an approved one is not free at once. */
export function deleteTemplates(state: SimulatorState, businessAccountId: string, query: URLSearchParams): Json {
  const [name, id] = [query.get('name'), query.get('hsm_id')];
  if (name === null) throw badParameter('The parameter name is required.');
  const isMeant = (template: TemplateDefinition): boolean =>
    template.name === name &&
    (id === null || template.id === id) &&
    (template.businessAccountId ?? businessAccountId) === businessAccountId;
  const gone = state.templates.filter(isMeant);
  if (gone.length === 0) throw unknownObject('DELETE', id ?? name);
  for (const template of gone) {
    state.templates.splice(state.templates.indexOf(template), 1);
    if (template.status !== 'APPROVED') continue;
    state.deletedTemplates.add(`${businessAccountId} ${template.name} ${template.language}`);
  }
  return { success: true };
}

/** The verdict comes by webhook, as at Meta; one that was changed or deleted meanwhile gets none for what it was. */
function review(state: SimulatorState, template: TemplateDefinition): void {
  const { components } = template;
  state.timers.after(state.behaviour.templates.reviewMs, () => {
    const { verdict, reason } = state.behaviour.templates;
    const isStill = state.templates.includes(template) && template.components === components;
    if (verdict === 'NONE' || !isStill || template.status !== 'PENDING') return;
    template.status = verdict === 'REJECTED' ? 'REJECTED' : 'APPROVED';
    if (verdict === 'REJECTED') template.rejectedReason = reason;
    const businessAccountId = template.businessAccountId ?? '';
    state.webhooks.enqueue({
      businessAccountId,
      phoneNumberId: state.accounts.ofAccount(businessAccountId)[0]?.id ?? '',
      field: 'message_template_status_update',
      value: {
        event: template.status,
        message_template_id: Number(template.id),
        message_template_name: template.name,
        message_template_language: template.language,
        reason: template.rejectedReason ?? 'NONE',
        message_template_category: template.category,
      },
      time: Math.floor(Date.now() / SECOND_MS),
    });
  });
}
