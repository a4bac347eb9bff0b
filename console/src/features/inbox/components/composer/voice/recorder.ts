import { BAR_COUNT, resample } from '../../media/loudness.js';

/** What is asked of the browser, best first: Ogg as it is, WebM to be rewrapped, MP4 as a plain sound. */
const TYPES = ['audio/ogg;codecs=opus', 'audio/webm;codecs=opus', 'audio/mp4'] as const;
const LOOK_EVERY_MS = 50;
const SPEECH_BITS_PER_SECOND = 32_000;

/** Why nothing can be recorded. */
export type RecordingTrouble = 'denied' | 'none' | 'insecure';

export class RecordingError extends Error {
  constructor(readonly trouble: RecordingTrouble) {
    super(trouble);
  }
}

export interface Recording {
  blob: Blob;
  waveform: number[];
}

/** Records from the microphone, and watches how loud it is. */
export class Recorder {
  private readonly chunks: Blob[] = [];
  private readonly loudness: number[] = [];
  private readonly timer: ReturnType<typeof setInterval>;

  private constructor(
    private readonly stream: MediaStream,
    private readonly recorder: MediaRecorder,
    private readonly context: AudioContext,
    onLoudness: (latest: readonly number[], seconds: number) => void,
  ) {
    const analyser = context.createAnalyser();
    analyser.fftSize = 1_024;
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const peak = samples.reduce((max, sample) => Math.max(max, Math.abs(sample)), 0);
      // Speech seldom comes near full scale: a root lifts what is quiet.
      this.loudness.push(Math.min(100, Math.round(Math.sqrt(peak) * 100)));
      onLoudness(this.loudness.slice(-BAR_COUNT), (this.loudness.length * LOOK_EVERY_MS) / 1_000);
    }, LOOK_EVERY_MS);
    recorder.ondataavailable = ({ data }) => this.chunks.push(data);
    recorder.start(1_000);
  }

  /** @throws RecordingError when the browser gives no microphone */
  static async start(onLoudness: (latest: readonly number[], seconds: number) => void): Promise<Recorder> {
    const { mediaDevices } = navigator as Partial<Navigator>;
    if (!mediaDevices) throw new RecordingError('insecure');
    let stream: MediaStream;
    try {
      stream = await mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
      });
    } catch (error) {
      throw new RecordingError((error as DOMException).name === 'NotFoundError' ? 'none' : 'denied');
    }
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    const recorder = new MediaRecorder(stream, {
      ...(mimeType && { mimeType }),
      audioBitsPerSecond: SPEECH_BITS_PER_SECOND,
    });
    return new Recorder(stream, recorder, new AudioContext(), onLoudness);
  }

  /** Ends it; the microphone is free again. */
  async stop(): Promise<Recording> {
    const ended = new Promise((resolve) => this.recorder.addEventListener('stop', resolve, { once: true }));
    this.recorder.stop();
    await ended;
    this.release();
    const type = this.recorder.mimeType;
    return { blob: new Blob(this.chunks, { type }), waveform: resample(this.loudness, 64) };
  }

  /** Ends it and keeps nothing. */
  discard(): void {
    if (this.recorder.state !== 'inactive') this.recorder.stop();
    this.release();
  }

  private release(): void {
    clearInterval(this.timer);
    for (const track of this.stream.getTracks()) track.stop();
    void this.context.close();
  }
}
