import { z } from './zod.js';

/**
 * Every `code` that Parley answers with (RFC 9457 problem documents and socket acknowledgements). Clients switch on
 * the code, never on the text.
 */
export const errorCodes = [
  'auth.required',
  'auth.invalid',
  'auth.forbidden',
  'auth.password_weak',
  'auth.refresh_invalid',
  'request.invalid',
  'request.too_large',
  'rate.limited',
  'internal',
  'service.unavailable',
  'route.not_found',
  'agent.not_found',
  'agent.email_taken',
  'agent.last_admin',
  'team.not_found',
  'team.name_taken',
  'channel.not_found',
  'channel.number_taken',
  'conversation.not_found',
  'conversation.already_claimed',
  'conversation.version_conflict',
  'conversation.invalid_transition',
  'conversation.changed',
  'conversation.assignee_unavailable',
  'conversation.merged',
  'message.not_found',
  'message.id_reused',
  'message.not_retryable',
  'message.reply_not_found',
  'window.closed',
  'template.unavailable',
  'bot_rule.not_found',
  'delivery.not_found',
  'media.not_found',
  'socket.unknown_event',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** `application/problem+json` (RFC 9457). Extra members depend on the code and are named beside each route. */
export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(errorCodes),
    detail: z.string().optional(),
    requestId: z.string().optional(),
    /** With `request.invalid`: one entry for each field that was refused. */
    fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;
