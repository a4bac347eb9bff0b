import type { ServerResponse } from 'node:http';
import { sendText } from '../core/http.ts';
import type { Json } from '../core/json.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import { isSame } from './auth.ts';
import { badParameter } from './check.ts';
import { GraphError, unknownObject } from './errors.ts';
import { maxUploadBytes } from './media-types.ts';

/** `POST /{phone}/media`: multipart with `messaging_product`, `file` and `type` (Meta: media, upload). */
export async function uploadMedia(
  state: SimulatorState,
  body: Buffer,
  contentType: string,
  query: URLSearchParams,
): Promise<Json> {
  const form = await formOf(body, contentType);
  const product = form.get('messaging_product') ?? query.get('messaging_product');
  if (product !== 'whatsapp') throw badParameter('The parameter messaging_product is required.');
  const file = form.get('file');
  if (!(file instanceof File)) throw badParameter('The parameter file is required.');
  const type = form.get('type');
  const mimeType = file.type === '' && typeof type === 'string' ? type : file.type;
  const maxBytes = maxUploadBytes(mimeType);
  if (maxBytes === undefined) {
    throw badParameter(
      `Param file must be a file with one of the supported types. Received file of type '${mimeType}'.`,
    );
  }
  if (file.size > maxBytes) throw new GraphError(131053, `The file is larger than ${String(maxBytes)} bytes.`);
  return { id: state.media.add(Buffer.from(await file.arrayBuffer()), mimeType).id };
}

/** The fields and files of a multipart request. */
export async function formOf(body: Buffer, contentType: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw badParameter('The request must be multipart/form-data with a file.');
  }
}

/** `GET /{media_id}`: a URL for five minutes, with the facts of the file. `file_size` is a string, as Meta's. */
export function resolveMedia(state: SimulatorState, id: string): Json {
  const media = state.media.find(id);
  if (!media) throw unknownObject('GET', id);
  return {
    messaging_product: 'whatsapp',
    url: state.media.createUrl(id, Date.now()),
    mime_type: media.mimeType,
    sha256: media.sha256,
    file_size: String(media.bytes.length),
    id,
  };
}

export function deleteMedia(state: SimulatorState, id: string): Json {
  if (!state.media.delete(id)) throw unknownObject('DELETE', id);
  return { success: true };
}

/** The bytes, on their own origin and with the token again; 404 once the URL has expired (Meta: media, download). */
export function sendMediaBytes(
  state: SimulatorState,
  token: string | undefined,
  query: URLSearchParams,
  response: ServerResponse,
): void {
  if (token === undefined || !isSame(token, state.accessToken)) {
    sendText(response, 401, 'Unauthorized', { 'content-type': 'text/plain' });
    return;
  }
  const media = state.media.findByTicket(query.get('hash') ?? '', Date.now());
  if (media) sendText(response, 200, media.bytes, { 'content-type': media.mimeType });
  else sendText(response, 404, 'Not Found', { 'content-type': 'text/plain' });
}
