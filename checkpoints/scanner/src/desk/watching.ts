// The desk's camera: on while its picture is on the page.

import { Camera } from "../camera/camera";
import type { Desk } from "./desk";

const watchers = new WeakMap<Desk, (video?: Element) => void>();
let camera: Camera | null = null;

export function watching(desk: Desk): (video?: Element) => void {
  let watch = watchers.get(desk);
  if (!watch) {
    watch = (video) => {
      camera?.stop();
      camera = null;
      if (video) queueMicrotask(() => void start(desk, video as HTMLVideoElement)); // not in the middle of drawing
    };
    watchers.set(desk, watch);
  }
  return watch;
}

async function start(desk: Desk, video: HTMLVideoElement): Promise<void> {
  const own = new Camera(video, (text) => void desk.see(text));
  camera = own;
  try {
    await own.start();
  } catch {
    if (camera === own) desk.setCamera("none");
  }
}
