import { randomBytes } from 'node:crypto';
import { callbackUrlOf, type Environment } from '../config/environment.js';
import { about, type Finding } from './finding.js';
import { reasonOf } from './graph.js';

const WITHIN_MS = 8_000;
const SHORTEST_TOKEN = 16;
const FEWEST_DISTINCT = 10;
const LOCAL = /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[)/;

/** Plays Meta's handshake at the public address. It is asked from here: a firewall may still keep Meta out. */
export async function checkWebhook(environment: Environment, verifyToken: string | null): Promise<Finding> {
  const webhook = about('webhook', 'Webhook');
  const url = callbackUrlOf(environment);
  if (verifyToken === null) return webhook.fail('no verify token', 'Set WHATSAPP_WEBHOOK_TOKEN to a long random text.');
  const challenge = randomBytes(8).toString('hex');
  const query = new URLSearchParams({
    'hub.mode': 'subscribe',
    'hub.verify_token': verifyToken,
    'hub.challenge': challenge,
  });
  try {
    const response = await fetch(`${url}?${query.toString()}`, {
      signal: AbortSignal.timeout(WITHIN_MS),
      redirect: 'manual',
    });
    const text = await response.text();
    if (response.status === 200 && text === challenge) return webhook.ok(`${url} answers the handshake`);
    if (response.status === 403) {
      return webhook.fail(
        'it refuses the verify token',
        'Restart every instance: they run with another WHATSAPP_WEBHOOK_TOKEN.',
      );
    }
    return webhook.fail(
      `${url} answers ${response.status}`,
      'Let the proxy pass /api/webhooks/whatsapp to Parley unchanged, without redirects or a sign-in of its own.',
    );
  } catch (error) {
    return webhook.fail(
      `${url} is not reachable: ${reasonOf(error)}`,
      'Start Parley and its proxy, and see that the name, the certificate and PUBLIC_URL are right.',
    );
  }
}

/** Whether the address that the world sees, and whom Parley believes about it, fit together. */
export function checkAddress({ publicUrl, trustProxy, demo }: Environment): Finding[] {
  const address = about('public_url', 'PUBLIC_URL');
  const proxy = about('trust_proxy', 'TRUST_PROXY');
  if (demo) return [address.ok('a demo, on this machine alone'), proxy.ok('no proxy in a demo')];
  if (publicUrl === null || LOCAL.test(new URL(publicUrl).hostname)) {
    return [
      address.fail(
        publicUrl === null ? 'not set' : 'only this machine or network reaches it',
        'Set PUBLIC_URL to the https address that browsers and Meta use.',
      ),
      proxy.ok(trustProxy ?? 'none'),
    ];
  }
  const isHttps = publicUrl.startsWith('https:');
  return [
    isHttps
      ? address.ok(publicUrl)
      : address.fail('is not https', 'Put a certificate before Parley and use https: Meta posts nowhere else.'),
    isHttps && trustProxy === null
      ? proxy.warn(
          'not set, though something ends https before Parley',
          'Set TRUST_PROXY to that proxy’s address: else all clients share its limits, and one of them can lock all out.',
        )
      : proxy.ok(trustProxy ?? 'none'),
  ];
}

/** Secrets that are missing or could be guessed; what they are is never told. */
export function checkSecrets({ jwtSecret, metricsToken, whatsapp, demo }: Environment): Finding {
  const secrets = about('secrets', 'Secrets');
  if (demo) return secrets.ok('a demo makes its own');
  const weak = [
    ...(new Set(jwtSecret).size < FEWEST_DISTINCT ? ['JWT_SECRET'] : []),
    ...(whatsapp.webhookToken !== null && whatsapp.webhookToken.length < SHORTEST_TOKEN
      ? ['WHATSAPP_WEBHOOK_TOKEN']
      : []),
    ...(metricsToken !== null && new Set(metricsToken).size < FEWEST_DISTINCT ? ['METRICS_TOKEN'] : []),
  ];
  if (weak.length > 0)
    return secrets.warn(`easy to guess: ${weak.join(', ')}`, 'Make them anew with openssl rand -hex 32.');
  return secrets.ok('none missing, none easy to guess');
}
