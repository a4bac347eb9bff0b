import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import type { PreparedTemplate } from '../../templates/template-sending.js';
import type { DraftContent } from '../content/outbound-draft.js';
import { MarketingStoppedError, PhoneNeededError, WrongCountryError } from '../outbound.errors.js';
import { RecipientsRepository } from './recipients.repository.js';

const INDIA = '91';

/** Who may get which kind of message: what Meta would refuse because of the customer is refused before it leaves. */
@Injectable()
export class RecipientsService {
  constructor(private readonly repository: RecipientsRepository) {}

  /** @throws PhoneNeededError, MarketingStoppedError */
  async assertMayGetTemplate(
    tx: Tx,
    conversationId: string,
    { needsPhone, isMarketing }: Pick<PreparedTemplate, 'needsPhone' | 'isMarketing'>,
  ): Promise<void> {
    if (needsPhone && !(await this.repository.hasPhone(tx, conversationId))) throw new PhoneNeededError();
    const stoppedAt = isMarketing ? await this.repository.marketingStoppedAt(tx, conversationId) : null;
    if (stoppedAt) throw new MarketingStoppedError(stoppedAt);
  }

  /**
   * For what is new and for what is sent again or on: the customer's number may have changed.
   * @throws WrongCountryError
   */
  async assertMayGet(tx: Tx, conversationId: string, draft: Pick<DraftContent, 'content'>): Promise<void> {
    const callingCode = callingCodeFor(draft);
    if (callingCode && !(await this.repository.hasPhone(tx, conversationId, callingCode))) {
      throw new WrongCountryError(callingCode);
    }
  }
}

/** Of the one country that Meta has a kind of message for: addresses are asked for in India (address messages). */
const callingCodeFor = ({ content }: Pick<DraftContent, 'content'>): string | null =>
  content.interactive?.kind === 'address_request' ? INDIA : null;
