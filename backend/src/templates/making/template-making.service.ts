import { Injectable, Logger } from '@nestjs/common';
import {
  type CreateTemplate,
  type DraftFault,
  type Template,
  type TemplateDraft,
  templateDraftFaults,
  templateDraftOf,
  type UpdateTemplate,
  z,
} from '@parley/contract';
import { GraphReader } from '../../channels/graph-reader.js';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { Database } from '../../database/database.js';
import { TemplateAccounts } from '../template-accounts.js';
import { toTemplate } from '../template-parts.js';
import type { TemplateRow } from '../template.row.js';
import { TemplateSyncsRepository } from '../template-syncs.repository.js';
import {
  TemplateExistsError,
  TemplateInvalidError,
  TemplateNotEditableError,
  TemplateNotFoundError,
  TemplateRefusedError,
  TemplateUnsureError,
} from '../templates.errors.js';
import { TemplatesRepository } from '../templates.repository.js';
import { graphDraft } from './graph-draft.js';
import { TemplateMirror } from './template-mirror.js';
import { EXISTS, refusalOf } from './template-refusal.js';
import { TemplateSamples } from './template-samples.js';

/** Whatever becomes of the answer or of this process: the account is read again within this time. */
const READ_WITHIN_MS = 60_000;

const createdSchema = z.object({ id: z.union([z.string().min(1).max(200), z.number().int().transform(String)]) });
const successSchema = z.object({ success: z.literal(true) });

/**
 * Makes, changes and deletes templates at Meta. Our row is only ever what Meta then says of the template, and where its
 * answer is lost it is asked what it has: nothing is lost, and nothing is made twice.
 */
@Injectable()
export class TemplateMakingService {
  private readonly logger = new Logger(TemplateMakingService.name);

  constructor(
    private readonly database: Database,
    private readonly accounts: TemplateAccounts,
    private readonly graph: GraphReader,
    private readonly samples: TemplateSamples,
    private readonly mirror: TemplateMirror,
    private readonly repository: TemplatesRepository,
    private readonly syncs: TemplateSyncsRepository,
  ) {}

  /**
   * Submits a new template for review.
   * @throws NotFoundError channel.not_found or media.not_found, TemplateInvalidError, TemplateExistsError,
   * TemplateRefusedError, TemplateUnsureError
   */
  async create(agent: AuthenticatedAgent, { channelId, ...draft }: CreateTemplate): Promise<Template> {
    const account = await this.accounts.accountOf(channelId);
    assertSound(draft);
    const { name, language } = draft;
    const known = await this.repository.idByName(this.database.pool, account, name, language);
    const row = known && (await this.repository.byId(this.database.pool, known));
    if (row) throw new TemplateExistsError(row.id);
    const token = await this.tokenOf(account);
    const json = { name, language, parameter_format: draft.parameterFormat, ...(await this.body(agent, token, draft)) };
    await this.syncs.makeDueWithin(this.database.pool, account, READ_WITHIN_MS);
    const asOf = await this.mirror.now();
    const answer = await this.graph.post(`${encodeURIComponent(account)}/message_templates`, { token, json });
    const created = answer.kind === 'answer' ? createdSchema.safeParse(answer.body).data : undefined;
    if (created) return this.made(agent, 'submitted', await this.mirror.refresh(account, token, created.id, asOf));
    if (answer.kind === 'refused') {
      const refusal = refusalOf(answer);
      const mayBeThere = answer.subcode === EXISTS || refusal.extra['reason'] === 'name_in_deletion';
      const found = mayBeThere ? await this.mirror.find(account, token, name, language) : null;
      if (found || answer.subcode === EXISTS) throw new TemplateExistsError(found?.id ?? null);
      throw refusal;
    }
    // The answer is lost. What Meta has under that name and language now can only be what was just submitted.
    const found = await this.mirror.find(account, token, name, language);
    if (!found) throw new TemplateUnsureError(answer.kind === 'unreachable' ? answer.detail : 'no id in the answer');
    return this.made(agent, 'submitted', found);
  }

  /**
   * Puts other content in the place of the present one, and submits it for review.
   * @throws TemplateNotFoundError, TemplateNotEditableError, NotFoundError media.not_found, TemplateInvalidError,
   * TemplateRefusedError, TemplateUnsureError
   */
  async update(agent: AuthenticatedAgent, id: string, content: UpdateTemplate): Promise<Template> {
    const before = await this.get(id);
    if (!templateDraftOf(toTemplate(before))) throw new TemplateNotEditableError();
    const { businessAccountId: account, name, language } = before;
    assertSound({ name, language, ...content });
    const token = await this.tokenOf(account);
    const json = { parameter_format: content.parameterFormat, ...(await this.body(agent, token, content)) };
    await this.syncs.makeDueWithin(this.database.pool, account, READ_WITHIN_MS);
    const asOf = await this.mirror.now();
    const answer = await this.graph.post(encodeURIComponent(id), { token, json });
    if (answer.kind === 'refused') throw refusalOf(answer);
    const after = await this.mirror.refresh(account, token, id, asOf);
    // Whether a lost change was made, the reading shows to whoever looks: to submit it again does the same.
    if (answer.kind === 'unreachable') throw new TemplateUnsureError(answer.detail);
    return this.made(agent, 'changed', after);
  }

  /**
   * Deletes it, in its language alone.
   * @throws TemplateNotFoundError, TemplateRefusedError, TemplateUnsureError
   */
  async delete(agent: AuthenticatedAgent, id: string): Promise<void> {
    const { businessAccountId: account, name, language } = await this.get(id);
    const token = await this.tokenOf(account);
    await this.syncs.makeDueWithin(this.database.pool, account, READ_WITHIN_MS);
    const asOf = await this.mirror.now();
    const query = { name, hsm_id: id };
    const answer = await this.graph.delete(`${encodeURIComponent(account)}/message_templates`, { token, query });
    if (answer.kind === 'refused') throw refusalOf(answer);
    const left = await this.mirror.refresh(account, token, id, asOf);
    const isDone = answer.kind === 'answer' && successSchema.safeParse(answer.body).success;
    if (!isDone && left !== null) {
      throw new TemplateUnsureError(answer.kind === 'unreachable' ? answer.detail : 'no success in the answer');
    }
    this.note(agent, 'deleted', account, `${name} ${language}`);
  }

  private async get(id: string): Promise<TemplateRow> {
    const row = await this.repository.byId(this.database.pool, id);
    if (!row) throw new TemplateNotFoundError();
    return row;
  }

  private async tokenOf(account: string): Promise<string> {
    const token = await this.accounts.tokenOf(account);
    if (token !== null) return token;
    throw new TemplateRefusedError({
      reason: 'token',
      metaCode: 0,
      metaSubcode: null,
      metaMessage: 'No number of this account has a usable access token.',
    });
  }

  private async body(agent: AuthenticatedAgent, token: string, draft: UpdateTemplate) {
    const header = await this.handleOf(agent, token, draft.header, 'header.fileId');
    const cards: (string | null)[] = [];
    // One after the other: they may be large, and Meta counts the calls.
    for (const [index, card] of draft.cards.entries()) {
      cards.push(await this.handleOf(agent, token, card.header, `cards.${index}.header.fileId`));
    }
    return graphDraft(draft, { header, cards });
  }

  /** The handle of the sample that a header has; null when it needs none. */
  private async handleOf(agent: AuthenticatedAgent, token: string, header: UpdateTemplate['header'], path: string) {
    const { format, fileId } = header ?? {};
    const isFile = format === 'image' || format === 'video' || format === 'document';
    return fileId !== undefined && isFile ? this.samples.upload(agent, token, { fileId, kind: format, path }) : null;
  }

  private made(agent: AuthenticatedAgent, what: string, row: TemplateRow | null): Template {
    if (!row) throw new TemplateUnsureError('WhatsApp took it, and does not show it yet');
    this.note(agent, what, row.businessAccountId, `${row.name} ${row.language}`);
    return toTemplate(row);
  }

  private note({ id }: AuthenticatedAgent, what: string, account: string, template: string): void {
    this.logger.log(`agent ${id} ${what} the template ${template} of account ${account}`);
  }
}

/** @throws TemplateInvalidError */
function assertSound(draft: TemplateDraft): void {
  const faults = templateDraftFaults(draft);
  if (faults.length > 0) throw new TemplateInvalidError(faults.map(toField));
}

const PROBLEMS: Readonly<Record<DraftFault['problem'], string>> = {
  missing: 'must be filled in',
  too_long: 'is too long',
  too_many: 'are too many',
  too_few: 'are too few',
  name: 'takes small letters, digits and _ only',
  language: 'must be a language code such as en_US',
  edge: 'must not begin or end with a variable',
  adjacent: 'must have words between variables',
  numbering: 'must count its variables {{1}}, {{2}} … without a gap',
  variable_name: 'takes small letters, digits and _ in the name of a variable, and a letter first',
  variable: 'has braces that are no variable',
  line_break: 'must be of one line',
  url: 'must be a web address whose only variable is {{1}} at its end',
  phone: 'must be a phone number with its country code',
  order: 'must keep quick replies together',
  minutes: 'must lie between 1 and 90',
  package: 'must be the name of an app such as com.example.shop',
  signature: 'must be the 11 characters of the hash of the app’s signature',
  terms: 'must be accepted',
  offer_buttons: 'must be a code to copy, which an offer without an end may leave out, and then one link',
  product_buttons: 'must be the one button that WhatsApp words for products',
  shape: 'must have the same kind of file and the same kinds of buttons as the first card',
  not_here: 'does not belong to a template of this kind',
};

const toField = ({ path, problem, over }: DraftFault) => ({
  path,
  message:
    problem === 'too_long' && over
      ? `is ${over} ${over === 1 ? 'character' : 'characters'} too long`
      : PROBLEMS[problem],
});
