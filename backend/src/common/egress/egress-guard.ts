import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent } from 'undici';
import type { Environment } from '../../config/environment.js';
import { isLoopback, isOutside, isOutsideUrl } from './outside.js';

const CONNECT_TIMEOUT_MS = 4_000;

/** A name that stands for no address of the outside: nothing was connected to. */
export class EgressRefusedError extends Error {}

/**
 * For requests whose address somebody else names (a browser's push service, a link to a file): whatever they name, nothing
 * of ours is reached. Ask `mayReach` before each request, redirects included, and make it with `agent`, which follows none.
 */
export class EgressGuard {
  /** Only where Meta itself is a simulator on this machine: demo and tests. */
  private readonly allowsLoopback: boolean;
  readonly agent: Agent;

  constructor({ whatsapp, production }: Pick<Environment, 'whatsapp' | 'production'>) {
    this.allowsLoopback = !production && whatsapp.graphUrl.startsWith('http:');
    this.agent = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS, lookup: this.lookup } });
  }

  /** https to the outside; an address that is written as digits is judged here, a name when it is looked up. */
  mayReach(address: string): boolean {
    return isOutsideUrl(address, this.allowsLoopback);
  }

  /** Breaks off what is under way. */
  destroy(): Promise<void> {
    return this.agent.destroy();
  }

  /** The address that is connected to is the one that was judged: a name that changes in between gains nothing. */
  private readonly lookup: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const allowed = addresses?.filter(
        ({ address }) => isOutside(address) || (this.allowsLoopback && isLoopback(address)),
      );
      const [first] = allowed ?? [];
      if (error) callback(error, []);
      else if (!first) callback(new EgressRefusedError(`${hostname} is no address of the outside`), []);
      else if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}
