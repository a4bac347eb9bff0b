import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { HintsService } from '../hints/hints.service.js';
import { SocketHub } from './sockets/socket-hub.js';

/** Tells admins that the set-up moved; volatile, because the page asks again whenever it is opened. */
@Injectable()
export class SetupNews implements OnModuleDestroy {
  private readonly unsubscribe: () => void;

  constructor(hub: SocketHub, hints: HintsService) {
    this.unsubscribe = hints.on('setup', (change) => {
      for (const socket of hub.sockets) {
        if (socket.data.isLive && socket.data.agent.role === 'admin') socket.emit('setup:changed', change);
      }
    });
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }
}
