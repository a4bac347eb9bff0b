import type { TemplateBlock, TemplateRefusal, TemplateStatus } from '@parley/contract';
import { DomainError } from '../common/domain.error.js';

/** 422: Meta would not send this template; `templateStatus`, `blockedBy` and Meta's `reason` say why. */
export class TemplateUnavailableError extends DomainError {
  constructor(
    sentence: string,
    why: { templateStatus: TemplateStatus; blockedBy: TemplateBlock; reason: string | null },
  ) {
    super('template.unavailable', 422, sentence, why);
  }
}

/** 422: what fills the template does not fit it; `fields` says where. */
export class TemplateInvalidError extends DomainError {
  constructor(fields: { path: string; message: string }[]) {
    const [first] = fields;
    super('template.invalid', 422, `The template is not filled in: ${first?.path ?? ''} ${first?.message ?? ''}.`, {
      fields,
    });
  }
}

/** 404 */
export class TemplateNotFoundError extends DomainError {
  constructor() {
    super('template.not_found', 404, 'There is no such template.');
  }
}

/** 409: the account has a template of that name in that language; `templateId` is Meta's id of it, if it is known. */
export class TemplateExistsError extends DomainError {
  constructor(templateId: string | null) {
    super('template.exists', 409, 'There is a template of that name in that language.', { templateId });
  }
}

/** 409: it has parts that cannot be changed from here, and changing the others would lose them. */
export class TemplateNotEditableError extends DomainError {
  constructor() {
    super('template.not_editable', 409, 'This template has parts that can only be changed in the WhatsApp Manager.');
  }
}

/** 422: Meta refused; `reason` says why as far as it is known, `metaMessage` is what Meta said. */
export class TemplateRefusedError extends DomainError {
  constructor(refusal: { reason: TemplateRefusal; metaCode: number; metaSubcode: number | null; metaMessage: string }) {
    super('template.refused', 422, 'WhatsApp did not accept this.', refusal);
  }
}

/**
 * 502: Meta gave no answer that can be read. Whether it has done it, the next reading shows; to ask once more is safe, for
 * Meta has one template of a name and language.
 */
export class TemplateUnsureError extends DomainError {
  constructor(detail: string) {
    super('template.unsure', 502, 'WhatsApp did not answer; nobody knows yet whether it was done.', { detail });
  }
}
