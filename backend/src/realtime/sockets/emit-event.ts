import type { CursoredEvent } from '../events/event-pages.js';
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
    case 'note:created':
    case 'note:updated':
      target.emit(event.type, event.payload, event.cursor);
      break;
    case 'mention:created':
      target.emit(event.type, event.payload, event.cursor);
      break;
    case 'draft:updated':
      target.emit(event.type, event.payload, event.cursor);
      break;
    case 'notifications:updated':
      target.emit(event.type, event.payload, event.cursor);
      break;
    case 'conversation:hidden':
      target.emit(event.type, event.payload, event.cursor);
      break;
    case 'conversation:merged':
      target.emit(event.type, event.payload, event.cursor);
      break;
    case 'templates:changed':
    case 'channels:changed':
      target.emit(event.type, event.payload, event.cursor);
      break;
    case 'read:updated':
      target.emit(event.type, event.payload, event.cursor);
      break;
  }
}
