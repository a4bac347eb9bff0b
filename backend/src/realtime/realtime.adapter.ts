import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions } from 'socket.io';
import type { Environment } from '../config/environment.js';

/** Socket.IO as Parley runs it: WebSocket only. */
export class RealtimeAdapter extends IoAdapter {
  constructor(
    app: INestApplicationContext,
    readonly environment: Environment,
  ) {
    super(app);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    return super.createIOServer(port, {
      ...options,
      transports: ['websocket'],
      serveClient: false,
    } as ServerOptions) as Server;
  }
}
