import { Injectable, Logger } from '@nestjs/common';
import { roleAllows } from '../common/access/permissions.js';
import { DomainError } from '../common/domain.error.js';
import { RateLimit } from './rate-limit.js';
import { SocketHandlers } from './socket-handlers.js';
import { socketEvents, type Answer, type SocketEventName } from './socket-events.js';
import type { RealtimeSocket } from './sockets/socket-types.js';

const EVENTS_PER_SECOND = 20;
const EVENTS_BURST = 40;
const UNKNOWN_MAX = 10;

/** The one way in for what clients send: limited, known, parsed, permitted, handled, and always answered. */
@Injectable()
export class SocketRouter {
  private readonly logger = new Logger(SocketRouter.name);

  constructor(private readonly handlers: SocketHandlers) {}

  bind(socket: RealtimeSocket): void {
    const limit = new RateLimit(EVENTS_PER_SECOND, EVENTS_BURST, performance.now());
    let unknown = 0;
    socket.onAny((name: string, ...args: unknown[]) => {
      const answer = answerOf(args);
      if (!limit.take(performance.now())) {
        answer({ ok: false, code: 'rate.limited' });
        socket.disconnect(true);
      } else if (isKnown(name)) {
        void this.route(socket, name, args[0], answer);
      } else {
        unknown += 1;
        answer({ ok: false, code: 'socket.unknown_event' });
        if (unknown >= UNKNOWN_MAX) socket.disconnect(true);
      }
    });
  }

  private async route(socket: RealtimeSocket, name: SocketEventName, input: unknown, answer: Answer): Promise<void> {
    const run = this.handlers.routes[name].prepare(input);
    if (!run) return answer({ ok: false, code: 'request.invalid' });
    if (!roleAllows(socket.data.agent.role, socketEvents[name].permission)) {
      return answer({ ok: false, code: 'auth.forbidden' });
    }
    try {
      await run(socket, answer);
    } catch (error) {
      if (!(error instanceof DomainError)) this.logger.error(`${name} failed`, error);
      answer({ ok: false, code: error instanceof DomainError ? error.code : 'internal' });
    }
  }
}

const isKnown = (name: string): name is SocketEventName => Object.hasOwn(socketEvents, name);

/** The client's acknowledgement, if it asked for one; called once at most. */
function answerOf(args: readonly unknown[]): Answer {
  const acknowledge = args.findLast((argument) => typeof argument === 'function');
  let isAnswered = false;
  return (answer) => {
    if (!isAnswered && acknowledge) Reflect.apply(acknowledge, undefined, [answer]);
    isAnswered = true;
  };
}
