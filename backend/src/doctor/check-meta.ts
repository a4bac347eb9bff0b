import { z } from '@parley/contract';
import { about, type Finding } from './finding.js';
import type { Graph } from './graph.js';

const SCOPES = ['whatsapp_business_messaging', 'whatsapp_business_management'];
const SOON_DAYS = 14;
const DAY_SECONDS = 86_400;
const CLOCK_WARN_MS = 30_000;
const MAKE_TOKEN =
  'Make a system user token that does not expire (Business settings > System users) and put it into WHATSAPP_ACCESS_TOKEN or the number’s page.';

const tokenSchema = z.object({
  data: z.object({
    app_id: z.string().optional(),
    is_valid: z.boolean(),
    expires_at: z.number().optional(),
    scopes: z.array(z.string()).default([]),
  }),
});
const subscriptionSchema = z.object({
  data: z.array(
    z.object({
      whatsapp_business_api_data: z.object({ id: z.string(), name: z.string().optional() }).optional(),
      override_callback_uri: z.string().optional(),
    }),
  ),
});
const numberSchema = z.object({
  status: z.string().optional(),
  platform_type: z.string().optional(),
  code_verification_status: z.string().optional(),
  quality_rating: z.string().optional(),
  name_status: z.string().optional(),
  throughput: z.object({ level: z.string().optional() }).optional(),
  health_status: z.object({ can_send_message: z.string().optional() }).optional(),
});

/** A number as the doctor looks at it. */
export interface Patient {
  name: string;
  phoneNumberId: string;
  businessAccountId: string;
  graph: Graph;
  appSecrets: readonly string[];
}

/** Whether the token works, and for how long, and with which app secret; also what Meta's clock says. */
export async function checkToken({ name, graph, appSecrets }: Patient): Promise<Finding[]> {
  const token = about('token', `Token of ${name}`);
  const scopes = about('token.scopes', `Scopes of ${name}`);
  const secret = about('app_secret', `App secret of ${name}`);
  const clock = about('clock.meta', 'Clock against Meta');
  const answer = await graph.get('debug_token', tokenSchema, { input_token: graph.own });
  if (answer.kind === 'unreachable') {
    const todo =
      'Let this machine reach graph.facebook.com over https (firewall, DNS, proxy), or mend WHATSAPP_GRAPH_URL.';
    return [token.fail(`Graph is not reachable: ${answer.reason}`, todo), scopes.skip('Graph is not reachable')];
  }
  const findings = answer.date ? [clockFinding(clock, answer.date)] : [];
  if (answer.kind === 'error' || !answer.body.data.is_valid) {
    const code = answer.kind === 'error' ? ` (code ${answer.code})` : '';
    return [
      ...findings,
      token.fail(`Meta does not accept it${code}`, MAKE_TOKEN),
      scopes.skip('the token is not valid'),
    ];
  }
  const { expires_at: expiresAt = 0, scopes: held } = answer.body.data;
  const days = Math.floor((expiresAt - Date.now() / 1_000) / DAY_SECONDS);
  const missing = SCOPES.filter((scope) => !held.includes(scope));
  findings.push(
    expiresAt === 0
      ? token.ok('valid, does not expire')
      : days < SOON_DAYS
        ? token.fail(`expires in ${Math.max(0, days)} days`, MAKE_TOKEN)
        : token.warn(`expires in ${days} days`, MAKE_TOKEN),
    missing.length > 0
      ? scopes.fail(`without ${missing.join(', ')}`, 'Give the system user these permissions and make its token anew.')
      : scopes.ok('both that are needed'),
    await secretFinding(secret, graph, appSecrets),
  );
  return findings;
}

function clockFinding(clock: ReturnType<typeof about>, date: Date): Finding {
  const offsetMs = Math.abs(Date.now() - date.getTime());
  return offsetMs > CLOCK_WARN_MS
    ? clock.fail(
        `${Math.round(offsetMs / 1_000)} s apart`,
        'Let chrony or systemd-timesyncd set the clock of this machine.',
      )
    : clock.ok('less than 30 s apart');
}

async function secretFinding(
  secret: ReturnType<typeof about>,
  graph: Graph,
  appSecrets: readonly string[],
): Promise<Finding> {
  if (appSecrets.length === 0) {
    return secret.fail(
      'missing',
      'Set WHATSAPP_APP_SECRET (App settings > Basic): every delivery is refused without it.',
    );
  }
  for (const candidate of appSecrets) {
    const query = { input_token: graph.own, appsecret_proof: graph.proof(candidate) };
    const answer = await graph.get('debug_token', tokenSchema, query);
    if (answer.kind === 'ok') return secret.ok('belongs to the app of the token');
    if (answer.kind === 'unreachable') return secret.skip('Graph is not reachable');
  }
  return secret.fail(
    'is another app’s, or was reset',
    'Copy it again from App settings > Basic of the token’s app: until then every delivery is answered with 401.',
  );
}

/** Whether Meta sends this account's webhooks to this app, and here. */
export async function checkSubscription(patient: Patient, callbackUrl: string): Promise<Finding> {
  const { graph, businessAccountId, name } = patient;
  const subscription = about('subscription', `Subscription of ${name}`);
  const answer = await graph.get(`${encodeURIComponent(businessAccountId)}/subscribed_apps`, subscriptionSchema);
  if (answer.kind === 'unreachable') return subscription.skip('Graph is not reachable');
  if (answer.kind === 'error') {
    return subscription.fail(
      `Meta does not show account ${businessAccountId} (code ${answer.code})`,
      'Give the system user this WhatsApp account, and compare WHATSAPP_BUSINESS_ACCOUNT_ID with the app’s API set-up page.',
    );
  }
  const todo = `POST /${businessAccountId}/subscribed_apps with the token (docs/OPERATIONS.md): without it nothing ever arrives.`;
  const own = await graph.get('debug_token', tokenSchema, { input_token: graph.own });
  const appId = own.kind === 'ok' ? own.body.data.app_id : undefined;
  const app = answer.body.data.find(
    ({ whatsapp_business_api_data: data }) => appId === undefined || data?.id === appId || data === undefined,
  );
  if (!app) return subscription.fail('no app of the token is subscribed to the account', todo);
  const override = app.override_callback_uri;
  return override !== undefined && override !== callbackUrl
    ? subscription.warn(`Meta posts to ${override}`, `Take the override away, or make it ${callbackUrl}.`)
    : subscription.ok('the app is subscribed to the account');
}

/** Whether the number is registered, healthy and named as Meta wants it. */
export async function checkNumber({ graph, phoneNumberId, name }: Patient): Promise<Finding[]> {
  const number = about('number', `Number ${name}`);
  const quality = about('number.quality', `Quality of ${name}`);
  const fields = Object.keys(numberSchema.shape).join(',');
  const answer = await graph.get(encodeURIComponent(phoneNumberId), numberSchema, { fields });
  if (answer.kind === 'unreachable') return [number.skip('Graph is not reachable')];
  if (answer.kind === 'error') {
    return [
      number.fail(
        `Meta does not show number ${phoneNumberId} (code ${answer.code})`,
        'Compare the phone number id with the app’s API set-up page, and give the system user its account.',
      ),
    ];
  }
  const { body } = answer;
  const rating = body.quality_rating ?? 'UNKNOWN';
  const throughput = body.throughput?.level ?? 'unknown';
  return [
    numberFinding(number, body),
    rating === 'RED' || rating === 'YELLOW'
      ? quality.warn(
          `${rating}, throughput ${throughput}`,
          'Customers block or report this number: send less that nobody asked for.',
        )
      : quality.ok(`${rating}, throughput ${throughput}`),
  ];
}

function numberFinding(number: ReturnType<typeof about>, body: z.output<typeof numberSchema>): Finding {
  const { status, platform_type: platform, name_status: nameStatus, health_status: health } = body;
  const canSend = health?.can_send_message;
  if (platform !== undefined && platform !== 'CLOUD_API') {
    return number.fail('is not registered', 'Register it: POST /{phone number id}/register with a PIN of six digits.');
  }
  if (status !== undefined && status !== 'CONNECTED') {
    return number.fail(`is ${status}`, 'Look at WhatsApp Manager > Phone numbers: Meta says there what it wants.');
  }
  if (canSend === 'BLOCKED') {
    return number.fail(
      'Meta lets nothing out',
      'Look at health_status in WhatsApp Manager: payment, policy or the name.',
    );
  }
  if (nameStatus === 'DECLINED' || nameStatus === 'EXPIRED') {
    return number.warn(
      `its name is ${nameStatus}`,
      'Choose another display name in WhatsApp Manager; Meta limits numbers without one.',
    );
  }
  if (canSend === 'LIMITED') {
    return number.warn('Meta limits what it sends', 'Look at health_status in WhatsApp Manager for the reason.');
  }
  return number.ok('registered, connected, its name approved');
}
