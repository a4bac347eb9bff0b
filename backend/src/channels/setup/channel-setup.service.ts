import { Injectable } from '@nestjs/common';
import {
  type BusinessProfile,
  type ChangeBusinessProfile,
  type ChannelReport,
  type RegisterChannel,
  type RequestCode,
  type TestMessage,
  type TestMessageSent,
  type VerifyCode,
  z,
} from '@parley/contract';
import { DomainError } from '../../common/domain.error.js';
import { ChannelHealthService } from '../channel-health.service.js';
import { ChannelsService } from '../channels.service.js';
import { GraphReader, type GraphReading } from '../graph-reader.js';
import { meaningOf } from '../meta-errors.js';
import { ResumableUpload, type FileForHandle } from '../resumable-upload.js';

const text = z.string().catch('');
const profileSchema = z.object({
  data: z.tuple([
    z.object({
      about: text,
      address: text,
      description: text,
      email: text,
      websites: z.array(z.string()).catch([]),
      vertical: text,
      profile_picture_url: text,
    }),
  ]),
});
const acceptedSchema = z.object({ messages: z.tuple([z.object({ id: z.string() })]) });
const PROFILE_FIELDS = 'about,address,description,email,websites,vertical,profile_picture_url';

/** What a new number needs beside its token: verification, registration, its profile, and a message that shows that it works. */
@Injectable()
export class ChannelSetupService {
  constructor(
    private readonly channels: ChannelsService,
    private readonly health: ChannelHealthService,
    private readonly graph: GraphReader,
    private readonly uploads: ResumableUpload,
  ) {}

  /**
   * Meta sends a code to the number itself, in words or in a call.
   * @throws NotFoundError channel.not_found, DomainError channel.disconnected, channel.graph_refused
   */
  async requestCode(id: string, { method, language }: RequestCode): Promise<void> {
    await this.post(id, 'request_code', { code_method: method, language });
  }

  /** @throws NotFoundError channel.not_found, DomainError channel.disconnected, channel.graph_refused */
  async verifyCode(id: string, { code }: VerifyCode): Promise<ChannelReport> {
    await this.post(id, 'verify_code', { code: code.replace(/\D/g, '') });
    return this.health.recheck(id);
  }

  /**
   * Meta allows ten registrations in 72 hours. The PIN is not kept.
   * @throws NotFoundError channel.not_found, DomainError channel.disconnected, channel.graph_refused
   */
  async register(id: string, { pin }: RegisterChannel): Promise<ChannelReport> {
    await this.post(id, 'register', { messaging_product: 'whatsapp', pin });
    return this.health.recheck(id);
  }

  /** @throws NotFoundError channel.not_found, DomainError channel.disconnected, channel.graph_refused */
  async profile(id: string): Promise<BusinessProfile> {
    const { token, phoneNumberId } = await this.number(id);
    const path = `${phoneNumberId}/whatsapp_business_profile`;
    const body = answerOf(await this.graph.get(path, { token, query: { fields: PROFILE_FIELDS } }));
    const parsed = profileSchema.safeParse(body).data;
    if (!parsed) throw refused('WhatsApp gave no usable answer.', null);
    const { profile_picture_url: picture, ...said } = parsed.data[0];
    return { ...said, hasPicture: picture !== '' };
  }

  /** @throws NotFoundError channel.not_found, DomainError channel.disconnected, channel.graph_refused */
  async changeProfile(id: string, profile: ChangeBusinessProfile): Promise<BusinessProfile> {
    // Meta refuses an empty `about` and e-mail: what was emptied stays as it is there.
    const { about, email, ...rest } = profile;
    await this.post(id, 'whatsapp_business_profile', {
      messaging_product: 'whatsapp',
      ...rest,
      ...(about !== '' && { about }),
      ...(email !== '' && { email }),
    });
    return this.profile(id);
  }

  /**
   * The picture is opened once the number is known to have a token.
   * @throws NotFoundError channel.not_found, DomainError channel.disconnected, channel.graph_refused, and what `open` throws
   */
  async changePicture(id: string, open: () => Promise<FileForHandle>): Promise<BusinessProfile> {
    const { token } = await this.number(id);
    const given = await this.uploads.upload(token, await open());
    if (given.kind === 'unreadable') throw refused('WhatsApp gave no usable answer.', null);
    if (given.kind !== 'uploaded') throw refusalOf(given);
    const json = { messaging_product: 'whatsapp', profile_picture_handle: given.handle };
    await this.post(id, 'whatsapp_business_profile', json);
    return this.profile(id);
  }

  /**
   * Sends past the outbox, as no customer is written to and no thread shall hold it.
   * @throws NotFoundError channel.not_found, DomainError channel.disconnected, channel.graph_refused
   */
  async sendTest(id: string, { to, template }: TestMessage): Promise<TestMessageSent> {
    const answer = await this.post(id, 'messages', {
      messaging_product: 'whatsapp',
      to: `+${to.replace(/\D/g, '')}`,
      type: 'template',
      template: { name: template.name, language: { code: template.language } },
    });
    const accepted = acceptedSchema.safeParse(answer).data;
    if (!accepted) throw refused('WhatsApp gave no usable answer.', null);
    return { wamid: accepted.messages[0].id };
  }

  private async post(id: string, edge: string, body: Record<string, unknown>): Promise<unknown> {
    const { token, phoneNumberId } = await this.number(id);
    return answerOf(await this.graph.post(`${phoneNumberId}/${edge}`, { token, json: body }));
  }

  private async number(id: string): Promise<{ token: string; phoneNumberId: string }> {
    const { accessToken: token, phoneNumberId } = await this.channels.credentials(id);
    if (token === null) throw new DomainError('channel.disconnected', 409, 'This number has no token.');
    return { token, phoneNumberId };
  }
}

function answerOf(reading: GraphReading): unknown {
  if (reading.kind === 'answer') return reading.body;
  throw refusalOf(reading);
}

/** Meta's words for people where it has some, else its words for programs. */
const refusalOf = (reading: Exclude<GraphReading, { kind: 'answer' }>): DomainError =>
  reading.kind === 'unreachable'
    ? refused(reading.detail, null)
    : refused(reading.userMessage ?? reading.message, reading.code);

/** `reason` is what the code is about where it is known, `said` what Meta wrote. */
const refused = (said: string, code: number | null): DomainError =>
  new DomainError('channel.graph_refused', 502, 'WhatsApp refused it.', {
    said,
    metaCode: code,
    reason: code === null ? null : meaningOf(code).reason,
  });
