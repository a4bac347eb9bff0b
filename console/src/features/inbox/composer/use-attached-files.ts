import type { FileKind, Media, UploadedFile } from '@parley/contract';
import { computed, onScopeDispose, reactive, watch, type Ref } from 'vue';
import { errorText } from '../../../shared/error-text.js';
import { randomUuid } from '../../../shared/uuid.js';
import { captionOver, kindOf, problemOf, takesCaption, type FileProblem } from '../model/file-rules.js';
import type { FileContent } from '../model/outbox-entry.js';
import { uploadFile } from './upload.js';
import type { TakenFiles } from './use-composer.js';

/** A file in the tray. */
export interface AttachedFile {
  key: string;
  file: File;
  kind: FileKind;
  caption: string;
  /** Of a picture: shown in the tray. */
  previewUrl: string | null;
  problem: FileProblem | null;
  progress: number;
  uploaded: UploadedFile | null;
  /** Why the upload failed, in words. */
  failure: string | null;
  cancel: AbortController;
  waveform?: readonly number[];
}

/** Files of one thread that go out with the next send. Each is uploaded as soon as it is there. */
export function useAttachedFiles(conversationId: Readonly<Ref<string>>, onReady: () => void) {
  const items = reactive<AttachedFile[]>([]);
  /** Send was pressed while something was still on its way up. */
  const state = reactive({ isWaiting: false });
  const isBlocked = computed(() =>
    items.some(({ problem, failure, caption }) => problem !== null || failure !== null || captionOver(caption) > 0),
  );
  const isUploading = computed(() => items.some(({ uploaded, problem, failure }) => !uploaded && !problem && !failure));

  function add(files: readonly File[], over: Partial<Pick<AttachedFile, 'kind' | 'waveform'>> = {}): void {
    for (const file of files) {
      const kind = over.kind ?? kindOf(file);
      const isPicture = (kind === 'image' || kind === 'sticker') && file.size > 0;
      items.push({
        key: randomUuid(),
        file,
        kind,
        caption: '',
        previewUrl: isPicture ? URL.createObjectURL(file) : null,
        problem: problemOf(file, kind),
        progress: 0,
        uploaded: null,
        failure: null,
        cancel: new AbortController(),
        ...(over.waveform && { waveform: over.waveform }),
      });
      const added = items.at(-1);
      if (added && !added.problem) void upload(added);
    }
  }

  async function upload(item: AttachedFile): Promise<void> {
    item.failure = null;
    item.progress = 0;
    item.cancel = new AbortController();
    const { signal } = item.cancel;
    try {
      const uploaded = await uploadFile({
        kind: item.kind,
        body: item.file,
        fileName: item.file.name || null,
        ...(item.waveform && { waveform: item.waveform }),
        onProgress: (share) => (item.progress = share),
        signal,
      });
      if (!signal.aborted) item.uploaded = uploaded;
    } catch (error) {
      if (!signal.aborted) item.failure = errorText(error);
    }
  }

  /** A picture that should keep every pixel, or one that is too large as a photo. */
  function changeKind(item: AttachedFile, kind: FileKind): void {
    item.cancel.abort();
    item.kind = kind;
    item.uploaded = null;
    item.failure = null;
    item.problem = problemOf(item.file, kind);
    if (!item.problem) void upload(item);
  }

  function remove(key: string): void {
    const index = items.findIndex((item) => item.key === key);
    const [item] = index < 0 ? [] : items.splice(index, 1);
    item?.cancel.abort();
    if (item?.previewUrl) URL.revokeObjectURL(item.previewUrl);
    if (items.length === 0) state.isWaiting = false;
  }
  const clear = (): void => [...items].forEach(({ key }) => remove(key));

  /**
   * What goes out now, and the tray is empty; the words in the field become the first caption that is free. Null while
   * something hinders it: once all is uploaded `onReady` says to send.
   */
  function take(words: string): TakenFiles | null {
    if (items.length === 0) return { files: [], words: 'sent' };
    if (isBlocked.value) return null;
    if (isUploading.value) {
      state.isWaiting = true;
      return null;
    }
    const bearer = items.find(({ kind, caption }) => takesCaption(kind) && caption.trim() === '');
    const isVoice = items.some(({ kind }) => kind === 'voice');
    const isCaption = !isVoice && words !== '' && bearer !== undefined && captionOver(words) === 0;
    if (isCaption) bearer.caption = words;
    const files = items.flatMap((item) => (item.uploaded ? [contentOf(item, item.uploaded)] : []));
    clear();
    return { files, words: isVoice ? 'kept' : isCaption ? 'caption' : 'sent' };
  }

  watch([isUploading, isBlocked], ([uploading, blocked]) => {
    if (blocked) state.isWaiting = false;
    if (!state.isWaiting || uploading || blocked) return;
    state.isWaiting = false;
    onReady();
  });
  // Files that were meant for one customer must never reach another.
  watch(conversationId, clear);
  onScopeDispose(clear);

  return { items, state, isBlocked, isUploading, add, upload, changeKind, remove, take };
}

function contentOf({ kind, caption, waveform }: AttachedFile, uploaded: UploadedFile): FileContent {
  const words = caption.trim() === '' ? null : caption.trim();
  const media: Media = {
    ...uploaded,
    mediaId: null,
    sha256: null,
    caption: words,
    voice: kind === 'voice',
    animated: false,
    state: 'ready',
    failure: null,
    waveform: waveform ? [...waveform] : null,
  };
  const part = { fileId: uploaded.id, ...(takesCaption(kind) && words !== null && { caption: words }) };
  return { type: kind === 'voice' ? 'audio' : kind, part, media };
}
