import { asText, type Json } from '../core/json.ts';
import type { Flow } from '../state/flows.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import { badParameter } from './check.ts';
import { graphErrorOf, unknownObject } from './errors.ts';
import { flowFaults } from './flow-json.ts';
import { page } from './paging.ts';

const CATEGORIES: ReadonlySet<string> = new Set([
  'SIGN_UP',
  'SIGN_IN',
  'APPOINTMENT_BOOKING',
  'LEAD_GENERATION',
  'SHOPPING',
  'CONTACT_US',
  'CUSTOMER_SUPPORT',
  'SURVEY',
  'OTHER',
]);
const USUAL_FIELDS = ['id', 'name', 'status', 'categories', 'validation_errors'];
const PREVIEW_MS = 30 * 24 * 3_600_000;

/** What a call about one form asks for. */
export interface FlowCall {
  method: string;
  edge: string | undefined;
  query: URLSearchParams;
  body: () => Promise<Json>;
  form: () => Promise<FormData>;
}

/** `GET /{waba}/flows` (Meta: Flows API). */
export const listFlows = (state: SimulatorState, businessAccountId: string, query: URLSearchParams): Json =>
  page(
    state.flows.ofAccount(businessAccountId).map((flow) => showFlow(flow, query)),
    query,
  );

/** `POST /{waba}/flows`: a draft, or published at once where its content is right. */
export function createFlow(state: SimulatorState, businessAccountId: string, body: Json): Json {
  const name = asText(body['name']) ?? '';
  if (name === '' || name.length > 200) throw badParameter('Param name must have 1 to 200 characters.');
  if (state.flows.ofAccount(businessAccountId).some((flow) => flow.name === name)) {
    throw badParameter('The name of a flow must be unique within the account.');
  }
  const json = asText(body['flow_json']);
  const endpointUri = asText(body['endpoint_uri']);
  const faults = json === undefined ? [] : flowFaults(json);
  const isPublished = body['publish'] === true && json !== undefined && faults.length === 0;
  const flow = state.flows.add({
    businessAccountId,
    name,
    status: isPublished ? 'PUBLISHED' : 'DRAFT',
    categories: categoriesOf(body['categories']),
    ...(json !== undefined && { json }),
    ...(endpointUri !== undefined && { endpointUri }),
  });
  return { id: flow.id, success: true, validation_errors: faults };
}

/** `/{flow}` and its edges: shown, changed, published, given up, deleted. */
export async function actOnFlow(state: SimulatorState, flow: Flow, call: FlowCall): Promise<Json> {
  const { method, edge, query } = call;
  switch (`${method} ${edge ?? ''}`) {
    case 'GET ':
      return showFlow(flow, query);
    case 'POST ':
      return changeFlow(flow, await call.body());
    case 'DELETE ':
      if (flow.status !== 'DRAFT') throw graphErrorOf(139_004);
      state.flows.delete(flow.id);
      return { success: true };
    case 'GET assets':
      return page(
        [{ name: 'flow.json', asset_type: 'FLOW_JSON', download_url: `https://scontent.example/flow/${flow.id}` }],
        query,
      );
    case 'POST assets':
      return changeAsset(flow, await call.form());
    case 'POST publish':
      if (flow.status !== 'DRAFT' || flowFaults(flow.json).length > 0) throw graphErrorOf(139_002);
      flow.status = 'PUBLISHED';
      return { success: true };
    case 'POST deprecate':
      if (flow.status !== 'PUBLISHED') throw graphErrorOf(139_003);
      flow.status = 'DEPRECATED';
      return { success: true };
    default:
      throw unknownObject(method, flow.id);
  }
}

function changeFlow(flow: Flow, body: Json): Json {
  const name = asText(body['name']);
  const endpointUri = asText(body['endpoint_uri']);
  if (name !== undefined) flow.name = name;
  if (endpointUri !== undefined) flow.endpointUri = endpointUri;
  if (body['categories'] !== undefined) flow.categories = categoriesOf(body['categories']);
  return { success: true };
}

/** A new content, kept also where something is wrong with it; what is published stays as it is. */
async function changeAsset(flow: Flow, form: FormData): Promise<Json> {
  if (flow.status !== 'DRAFT') throw graphErrorOf(139_001);
  const file = form.get('file');
  if (form.get('asset_type') !== 'FLOW_JSON' || form.get('name') !== 'flow.json' || !(file instanceof File)) {
    throw badParameter('The parameters name, asset_type and file are required.');
  }
  flow.json = await file.text();
  return { success: true, validation_errors: flowFaults(flow.json) };
}

/** The fields that were asked for, and always the id; `preview.invalidate(false)` asks for the preview that there is. */
function showFlow(flow: Flow, query: URLSearchParams): Json {
  const content = flow.json === undefined ? {} : versionsOf(flow.json);
  const all: Json = {
    id: flow.id,
    name: flow.name,
    status: flow.status,
    categories: flow.categories,
    validation_errors: flow.json === undefined ? [] : flowFaults(flow.json),
    ...content,
    ...(flow.endpointUri !== undefined && { endpoint_uri: flow.endpointUri }),
    preview: {
      preview_url: `https://business.facebook.com/wa/manage/flows/${flow.id}/preview/?token=simulated`,
      expires_at: new Date(Date.now() + PREVIEW_MS).toISOString(),
    },
  };
  const fields = query.get('fields')?.split(',') ?? USUAL_FIELDS;
  const names = fields.map((field) => field.trim().replace(/\.invalidate\((?:true|false)\)$/, ''));
  return Object.fromEntries(['id', ...names].filter((name) => name in all).map((name) => [name, all[name]]));
}

function versionsOf(json: string): Json {
  const [, version] = /"version"\s*:\s*"([\d.]+)"/.exec(json) ?? [];
  const [, api] = /"data_api_version"\s*:\s*"([\d.]+)"/.exec(json) ?? [];
  return { ...(version && { json_version: version }), ...(api && { data_api_version: api }) };
}

function categoriesOf(given: unknown): string[] {
  const isFine =
    Array.isArray(given) && given.length > 0 && given.every((one) => typeof one === 'string' && CATEGORIES.has(one));
  if (!isFine) throw badParameter(`Param categories must be a list of {${[...CATEGORIES].join(', ')}}.`);
  return given as string[];
}
