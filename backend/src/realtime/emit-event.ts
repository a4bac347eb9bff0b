import type { CursoredEvent } from './event-pages.js';
import type { RealtimeSocket } from './socket-types.js';

/** Emits a durable event to a socket or to rooms; the switch keeps type and payload together for the compiler. */
export function emitEvent(target: Pick<RealtimeSocket, 'emit'>, event: CursoredEvent): void {
  switch (event.type) {
    case 'conversation:updated':
      target.emit(event.type, event.payload, event.cursor);
      break;
    case 'message:created':
    case 'message:updated':
      target.emit(event.type, event.payload, event.cursor);
      break;
    case 'timeline:created':
      target.emit(event.type, event.payload, event.cursor);
      break;
    case 'conversation:hidden':
      target.emit(event.type, event.payload, event.cursor);
      break;
    case 'conversation:merged':
      target.emit(event.type, event.payload, event.cursor);
      break;
    case 'read:updated':
      target.emit(event.type, event.payload, event.cursor);
      break;
  }
}
