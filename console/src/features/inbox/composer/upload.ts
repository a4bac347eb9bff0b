import type { FileKind, Problem, UploadedFile } from '@parley/contract';
import { ApiError } from '../../../shared/api-error.js';
import { useSessionStore } from '../../auth/session.store.js';

export interface Upload {
  kind: FileKind;
  body: Blob;
  fileName: string | null;
  /** Loudness of a voice note, 0–100. */
  waveform?: readonly number[];
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

const UNAUTHORIZED = 401;

/**
 * Uploads a file. `fetch` tells nothing of how much has gone out, so this is an XMLHttpRequest, with the session's token
 * and one renewal of it.
 * @throws ApiError; DOMException AbortError when it was cancelled
 */
export async function uploadFile(upload: Upload): Promise<UploadedFile> {
  const session = useSessionStore();
  const first = session.accessToken;
  try {
    return await attempt(upload, first);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== UNAUTHORIZED) throw error;
    const renewed = await session.renew(first);
    if (renewed === null) throw error;
    return attempt(upload, renewed);
  }
}

function attempt(
  { kind, body, fileName, waveform, onProgress, signal }: Upload,
  token: string | null,
): Promise<UploadedFile> {
  return new Promise((resolve, reject) => {
    const query = new URLSearchParams({ kind });
    if (fileName) query.set('fileName', fileName);
    if (waveform) query.set('waveform', waveform.join(','));
    const request = new XMLHttpRequest();
    request.open('POST', `/api/media?${query.toString()}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('x-requested-with', 'parley');
    if (token !== null) request.setRequestHeader('authorization', `Bearer ${token}`);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      const answer = parse(request.responseText);
      if (request.status === 201) resolve(answer as UploadedFile);
      else
        reject(new ApiError((answer as Problem | null)?.code ?? 'internal', request.status, answer as Problem | null));
    };
    request.onerror = () => reject(new ApiError('network', 0));
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(body);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
