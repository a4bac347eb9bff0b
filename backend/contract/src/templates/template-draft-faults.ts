import {
  TEMPLATE_BODY_MAX_CHARS,
  TEMPLATE_FOOTER_MAX_CHARS,
  TEMPLATE_HEADER_MAX_CHARS,
  TEMPLATE_NAME_MAX_CHARS,
  TEMPLATE_OFFER_BODY_MAX_CHARS,
} from '../constants.js';
import { buttonsFaults } from './template-draft-buttons.js';
import {
  type DraftFault,
  fault,
  needed,
  plainFaults,
  sampleFaults,
  tooLong,
  tooMany,
  variableFaults,
  writtenFaults,
} from './template-draft-fault.js';
import { cardsFaults, codeFaults, offerFaults } from './template-draft-kinds.js';
import { callPermissionFaults, productFaults } from './template-draft-products.js';
import type { TemplateDraft } from './template-draft.js';
import { variableNames } from './template-variables.js';

/*
 * What Meta refuses about a template that is being written (business management API, message templates): the same on both
 * ends. Like `constants.ts` it imports no schema: the console takes it as `@parley/contract/template-rules`.
 */

export type { DraftFault, DraftProblem } from './template-draft-fault.js';

/** Everything that Meta would refuse, in the order of the form; empty = it may be submitted. */
export function templateDraftFaults(draft: TemplateDraft): DraftFault[] {
  return [...identityFaults(draft), ...contentFaults(draft)];
}

function identityFaults({ name, language }: TemplateDraft): DraftFault[] {
  return [
    ...(name === '' ? [fault('name', 'missing')] : /^[a-z0-9_]+$/.test(name) ? [] : [fault('name', 'name')]),
    ...tooLong('name', name, TEMPLATE_NAME_MAX_CHARS),
    ...(/^[a-z]{2,3}(_[A-Z]{2,3})?$/.test(language) ? [] : [fault('language', 'language')]),
  ];
}

function contentFaults(draft: TemplateDraft): DraftFault[] {
  const { category, body, parameterFormat, offer, code } = draft;
  if (category === 'authentication') return codeFaults(draft);
  const bodyMax = offer ? TEMPLATE_OFFER_BODY_MAX_CHARS : TEMPLATE_BODY_MAX_CHARS;
  return [
    ...offerFaults(draft),
    ...headerFaults(draft),
    ...writtenFaults('body', body, parameterFormat, bodyMax),
    ...footerFaults(draft),
    ...buttonsFaults(draft.buttons),
    ...productFaults(draft),
    ...callPermissionFaults(draft),
    ...cardsFaults(draft),
    ...(code === null ? [] : [fault('code', 'not_here')]),
  ];
}

function headerFaults({ header, parameterFormat }: TemplateDraft): DraftFault[] {
  if (header === null || header.format === 'location' || header.format === 'product') return [];
  if (header.format !== 'text') return header.fileId === undefined ? [fault('header.fileId', 'missing')] : [];
  const { text = '', samples = {} } = header;
  return [
    ...needed('header.text', text, TEMPLATE_HEADER_MAX_CHARS),
    ...(/\n/.test(text) ? [fault('header.text', 'line_break')] : []),
    ...tooMany('header.text', variableNames(text).length - 1),
    ...variableFaults('header.text', text, parameterFormat),
    ...sampleFaults('header.samples', text, samples),
  ];
}

const footerFaults = ({ footer }: TemplateDraft): DraftFault[] =>
  footer ? [...tooLong('footer', footer, TEMPLATE_FOOTER_MAX_CHARS), ...plainFaults('footer', footer)] : [];
