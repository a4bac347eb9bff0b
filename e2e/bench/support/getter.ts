import { Agent, request } from 'node:http';
import { nowMs } from './results.ts';

/** GET requests over kept connections, each with the time until its last byte. */
export class Getter {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  get<Body>(path: string, token: string): Promise<{ status: number; body: Body; ms: number }> {
    return new Promise((resolve, reject) => {
      const startedAt = nowMs();
      const options = { agent: this.agent, headers: { authorization: `Bearer ${token}` } };
      request(`${this.url}/api${path}`, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const ms = nowMs() - startedAt;
          const body = JSON.parse(Buffer.concat(chunks).toString()) as Body;
          resolve({ status: response.statusCode ?? 0, body, ms });
        });
        response.on('error', reject);
      })
        .on('error', reject)
        .end();
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
