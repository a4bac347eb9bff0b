import { Injectable } from '@nestjs/common';
import { ConversationAccess } from '../conversations/conversation-access.js';
import { ReplyTyping } from '../conversations/reply-typing.js';
import { PresenceService } from './presence/presence.service.js';
import { ResumeService } from './resume.service.js';
import { route, socketEvents, type SocketEventName, type SocketRoute, type Success } from './socket-events.js';
import { SocketAuth } from './sockets/socket-auth.js';

/** What each message of a client does; it arrives here parsed and permitted. */
@Injectable()
export class SocketHandlers {
  constructor(
    private readonly auth: SocketAuth,
    private readonly resume: ResumeService,
    private readonly presence: PresenceService,
    private readonly access: ConversationAccess,
    private readonly replyTyping: ReplyTyping,
  ) {}

  readonly routes: Record<SocketEventName, SocketRoute> = {
    'sync:resume': route(socketEvents['sync:resume'], async (socket, { cursor }, answer: Success<'sync:resume'>) => {
      // A session that ended between the handshake and now was not told to this socket.
      if (!(await this.auth.recheck(socket))) return;
      await this.resume.resume(socket, cursor, (position) => answer({ ok: true, ...position }));
      this.presence.greet(socket);
    }),
    'conversation:open': route(
      socketEvents['conversation:open'],
      async (socket, { id }, answer: Success<'conversation:open'>) => {
        const conversation = await this.access.assertVisible(socket.data.agent, id);
        this.presence.opened(socket, conversation.id);
        const viewers = this.presence.viewers(conversation.id);
        answer({ ok: true, viewers, typing: this.presence.typists(conversation.id) });
      },
    ),
    'conversation:close': route(
      socketEvents['conversation:close'],
      async (socket, { id }, answer: Success<'conversation:close'>) => {
        this.presence.closed(socket, id);
        // It may have been opened by the name of a thread that is part of another.
        const standing = await this.access.survivorOf(id);
        if (standing !== id) this.presence.closed(socket, standing);
        answer({ ok: true });
      },
    ),
    typing: route(socketEvents.typing, async (socket, { conversationId, on, mode }, answer: Success<'typing'>) => {
      const { agent } = socket.data;
      const conversation = await this.access.assertVisible(agent, conversationId);
      this.presence.typing(socket, conversation.id, on);
      // Nobody but the team may learn of a note.
      if (mode === 'reply') this.replyTyping.tell({ agentId: agent.id, conversationId: conversation.id, isOn: on });
      answer({ ok: true });
    }),
    heartbeat: route(socketEvents.heartbeat, (socket, { active }, answer: Success<'heartbeat'>) => {
      this.presence.heartbeat(socket, active);
      answer({ ok: true });
    }),
    'auth:refresh': route(socketEvents['auth:refresh'], async (socket, { token }, answer: Success<'auth:refresh'>) => {
      await this.auth.refresh(socket, token);
      answer({ ok: true });
    }),
  };
}
