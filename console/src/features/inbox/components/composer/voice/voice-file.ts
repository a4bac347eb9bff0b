import { writeOggOpus } from './ogg-opus.js';
import { readWebmOpus } from './webm-opus.js';

/**
 * A recording as a file that WhatsApp takes: Ogg Opus wherever the browser encodes Opus, else the MP4 that it gave, which
 * phones show as a sound instead of a voice note.
 * @throws Error when the recording is broken or empty
 */
export async function voiceFile(recording: Blob): Promise<File> {
  const type = recording.type.split(';')[0];
  if (type === 'audio/mp4') return new File([recording], 'voice-note.m4a', { type });
  const bytes = new Uint8Array(await recording.arrayBuffer());
  const ogg = type === 'audio/webm' ? writeOggOpus(readWebmOpus(bytes)) : bytes;
  return new File([ogg], 'voice-note.ogg', { type: 'audio/ogg' });
}
