import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What stands before the instances: each new connection goes to the next one that listens. */
export interface Balancer {
  url: string;
  close(): void;
}

/** Starts one on a free port. It knows nothing of HTTP: a connection that was given away stays where it is. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const open = new Set<Socket>();
  let turn = 0;

  function forward(client: Socket, triesLeft: number): void {
    const port = ports[turn++ % ports.length] ?? 0;
    const instance = connect(port, '127.0.0.1');
    open.add(instance);
    let isThere = false;
    instance.on('connect', () => {
      isThere = true;
      client.pipe(instance).pipe(client);
    });
    instance.on('error', () => undefined);
    instance.on('close', () => {
      open.delete(instance);
      if (isThere || triesLeft === 0) client.destroy();
      else forward(client, triesLeft - 1);
    });
    client.once('close', () => instance.destroy());
  }

  const server = createServer((client) => {
    open.add(client);
    client.on('error', () => undefined);
    client.on('close', () => open.delete(client));
    forward(client, ports.length - 1);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
