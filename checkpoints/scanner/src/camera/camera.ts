// The camera: shows what it sees, and calls back with the text of each code in it.

interface Detector {
  detect(image: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

interface NativeDetector {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

const PAUSE_BETWEEN_LOOKS = 60;
const WANTED: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
};

let detector: Promise<Detector> | null = null;

/** The browser's own detector where it reads QR symbols, else ours. Made once; a failed try is made again. */
export function detectorOnce(): Promise<Detector> {
  detector ??= makeDetector().catch((error: unknown) => {
    detector = null;
    throw error;
  });
  return detector;
}

async function makeDetector(): Promise<Detector> {
  const native = await nativeDetector();
  return native ? new native({ formats: ["qr_code"] }) : (await import("./decoder")).makeDecoder();
}

async function nativeDetector(): Promise<NativeDetector | null> {
  const native = (globalThis as { BarcodeDetector?: NativeDetector }).BarcodeDetector;
  return native && (await native.getSupportedFormats()).includes("qr_code") ? native : null;
}

/** See to it that codes can be read without a network too. */
export async function keepDetector(): Promise<void> {
  if (!(await nativeDetector())) await (await import("./decoder")).keepDecoder();
}

export class Camera {
  private stream: MediaStream | null = null;
  private isStopped = false;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly read: (text: string) => void,
  ) {}

  /** Throws when there is no camera, or the officer does not allow it. */
  async start(): Promise<void> {
    const loading = detectorOnce();
    loading.catch(() => undefined);
    const stream = await navigator.mediaDevices.getUserMedia(WANTED);
    if (this.isStopped) return stopTracks(stream);
    this.stream = stream;
    this.video.srcObject = this.stream;
    await this.video.play();
    performance.mark("first-frame");
    void this.watch(await loading);
  }

  private async watch(found: Detector): Promise<void> {
    while (!this.isStopped) {
      try {
        const [code] = await found.detect(this.video);
        if (code && !this.isStopped) this.read(code.rawValue);
      } catch {
        // a frame that cannot be read yet: look at the next one
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_BETWEEN_LOOKS));
    }
  }

  get hasTorch(): boolean {
    const track = this.stream?.getVideoTracks()[0];
    return track !== undefined && "torch" in (track.getCapabilities?.() ?? {});
  }

  async shine(on: boolean): Promise<void> {
    const track = this.stream?.getVideoTracks()[0];
    await track?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
  }

  stop(): void {
    this.isStopped = true;
    if (this.stream) stopTracks(this.stream);
  }
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
