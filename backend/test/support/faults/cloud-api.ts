import { inRepository, startProgram, type Program } from './program.js';

/** A send that the simulated Meta took. */
export interface AcceptedSend {
  wamid: string;
  to: string;
  body: { text?: { body: string }; biz_opaque_callback_data?: string };
}

export interface InboundText {
  from: string;
  id: string;
  /** Seconds, as Meta writes them. */
  at: number;
  body: string;
}

/** The Cloud API simulator in a process of its own, spoken to through `/control` alone. */
export class CloudApi {
  private constructor(private readonly program: Program) {}

  static async start(env: Record<string, string>): Promise<CloudApi> {
    return new CloudApi(await startProgram(inRepository('e2e', 'simulator', 'main.ts'), env));
  }

  get url(): string {
    return this.program.url;
  }

  /** Hands over what customers wrote; it is delivered, again and again, while this goes on. */
  async customersWrite(texts: readonly InboundText[]): Promise<void> {
    await this.control(
      'POST',
      'inbound?wait=false',
      texts.map(({ from, id, at, body }) => ({
        contacts: [{ profile: { name: `Customer ${from}` }, wa_id: from }],
        messages: [{ from, id, timestamp: String(at), type: 'text', text: { body } }],
      })),
    );
  }

  async behave(change: object): Promise<void> {
    await this.control('POST', 'faults', change);
  }

  async accepted(): Promise<AcceptedSend[]> {
    return (await this.control<{ items: AcceptedSend[] }>('GET', 'sent')).items;
  }

  /** Updates that the product has not answered with 200 yet. */
  async pending(): Promise<number> {
    return (await this.control<{ pending: number }>('GET', 'webhooks')).pending;
  }

  stop(): Promise<void> {
    return this.program.stop();
  }

  /** One of the simulator's own controls; see its README. */
  async control<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.url}/control/${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`the simulator answered ${String(response.status)}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }
}
