import { Injectable } from '@nestjs/common';
import { type SendMessage, sendMessageSchema } from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { NotFoundError } from '../../common/domain.error.js';
import { newId } from '../../common/ids.js';
import { ConversationAccess } from '../../conversations/conversation-access.js';
import type { Tx } from '../../database/database.js';
import { SendableFiles } from '../../media/sendable-files.js';
import { draftOf, wantedFile, type DraftContent } from '../content/outbound-draft.js';
import { NotForwardableError } from '../outbound.errors.js';
import { OutboundRepository, type Original } from './outbound.repository.js';

/** Where the message stands that is sent on. */
export interface ForwardSource {
  conversationId: string;
  messageId: string;
}

/** What a message of either side says, as a new message of ours. */
@Injectable()
export class Forwarding {
  constructor(
    private readonly access: ConversationAccess,
    private readonly repository: OutboundRepository,
    private readonly files: SendableFiles,
  ) {}

  /**
   * Its file is named again, not copied: Meta gets it once for each number.
   * @throws NotFoundError for what this agent may not see, and for a file that is not here; NotForwardableError
   */
  async draft(tx: Tx, agent: AuthenticatedAgent, { conversationId, messageId }: ForwardSource): Promise<DraftContent> {
    const { id } = await this.access.assertVisible(agent, conversationId, tx);
    const original = await this.repository.findOriginal(tx, id, messageId);
    if (!original) throw new NotFoundError('message');
    const request = asRequest(original);
    if (!request || request.type === 'template') throw new NotForwardableError();
    const wanted = wantedFile(request);
    const draft = draftOf(request, wanted && (await this.files.reuse(tx, wanted.fileId, wanted.kinds)));
    const { media } = draft.content;
    if (!media) return draft;
    // A customer's file does not say of itself that it is a voice note, or that it moves; their message does.
    const { voice = media.voice, animated = false } = original.content.media ?? {};
    return { ...draft, content: { media: { ...media, voice, animated } } };
  }
}

/** The request that would send the same; null for what cannot be sent, or not by an agent. */
export function asRequest({ type, content, mediaId, revokedAt }: Original): SendMessage | null {
  if (revokedAt) return null;
  const { caption, fileName } = content.media ?? {};
  const file = { fileId: mediaId };
  const parts: Partial<Record<Original['type'], object>> = {
    text: { text: { body: content.text?.body } },
    image: { image: { ...file, caption } },
    video: { video: { ...file, caption } },
    audio: { audio: file },
    document: { document: { ...file, caption, fileName } },
    sticker: { sticker: file },
    location: { location: content.location },
    contacts: { contacts: content.contacts },
  };
  const part = parts[type];
  return (part && sendMessageSchema.safeParse({ clientMessageId: newId(), type, ...part }).data) ?? null;
}
