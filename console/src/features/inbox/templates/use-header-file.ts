import type { FileKind, Media, UploadedFile } from '@parley/contract';
import { onScopeDispose, reactive } from 'vue';
import { errorText } from '../../../shared/error-text.js';
import { problemOf, type FileProblem } from '../model/file-rules.js';
import { uploadFile } from '../composer/upload.js';

interface FileState {
  fileName: string | null;
  progress: number;
  uploaded: UploadedFile | null;
  problem: FileProblem | null;
  /** Why the upload failed, in words. */
  failure: string | null;
}

const NOTHING: FileState = { fileName: null, progress: 0, uploaded: null, problem: null, failure: null };

/** The file that stands above a text: uploaded as soon as it is chosen; `start` is one that was chosen before. */
export function useHeaderFile(start: UploadedFile | null = null) {
  const state = reactive<FileState>({ ...NOTHING, fileName: start && nameOf(start), uploaded: start });
  let cancel = new AbortController();

  async function choose(file: File, kind: FileKind): Promise<void> {
    clear();
    const { signal } = cancel;
    const isOfKind = kind === 'document' || file.type.startsWith(`${kind}/`);
    Object.assign(state, { fileName: file.name, problem: isOfKind ? problemOf(file, kind) : { key: 'type' } });
    if (state.problem) return;
    try {
      const onProgress = (share: number) => (state.progress = share);
      const uploaded = await uploadFile({ kind, body: file, fileName: file.name || null, onProgress, signal });
      if (!signal.aborted) state.uploaded = uploaded;
    } catch (error) {
      if (!signal.aborted) state.failure = errorText(error);
    }
  }

  function clear(): void {
    cancel.abort();
    cancel = new AbortController();
    Object.assign(state, NOTHING);
  }
  onScopeDispose(clear);

  /** Chosen, neither there yet nor refused. */
  const isOnItsWay = (): boolean =>
    state.fileName !== null && !state.uploaded && !state.problem && state.failure === null;

  return { state, choose, clear, isOnItsWay };
}

/** One that nobody named is called by what it is. */
const nameOf = ({ fileName, mimeType }: UploadedFile): string => fileName ?? mimeType;

export type HeaderFile = ReturnType<typeof useHeaderFile>;

/** The uploaded file as a message shows it. */
export const mediaOf = (uploaded: UploadedFile): Media => ({
  ...uploaded,
  mediaId: null,
  sha256: null,
  caption: null,
  voice: false,
  animated: false,
  state: 'ready',
  failure: null,
  waveform: null,
});
