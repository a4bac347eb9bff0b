import { once } from 'node:events';
import { connect } from 'node:net';

export interface RedisInfo {
  keys: number;
  usedBytes: number;
  cpuSeconds: number;
}

/** What Redis says of itself, in two inline commands of its protocol: not worth a client. */
export async function redisInfo(url: string): Promise<RedisInfo> {
  const { hostname, port, password } = new URL(url);
  const socket = connect(Number(port || 6379), hostname);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const closed = once(socket, 'close');
  socket.write(`${password === '' ? '' : `AUTH ${decodeURIComponent(password)}\r\n`}DBSIZE\r\nINFO\r\nQUIT\r\n`);
  await closed;
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  return {
    keys: number(/^:(\d+)/m),
    usedBytes: number(/^used_memory:(\d+)/m),
    cpuSeconds: number(/^used_cpu_user:([\d.]+)/m) + number(/^used_cpu_sys:([\d.]+)/m),
  };
}
