// Plays a chain of codes on a canvas, as large and as sharp as the screen allows, and keeps the screen awake meanwhile.

import { encode } from "uqr";
import type { Send } from "../actions/action";
import type { Showing } from "./handover";
import { advance } from "./steps";

const QUIET_ZONE = 4; // modules, as the standard asks

const players = new WeakMap<Send, (canvas?: Element) => void>();
let playing: HTMLCanvasElement | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let awake: Promise<WakeLockSentinel | null> | null = null;

/** Play while the canvas is on the screen. */
export function player(send: Send): (canvas?: Element) => void {
  let play = players.get(send);
  if (!play) {
    play = (canvas) => {
      stop();
      if (!canvas) return;
      playing = canvas as HTMLCanvasElement;
      awake = keepAwake();
      queueMicrotask(() => turn(send, playing)); // not now: it is called in the middle of drawing
    };
    players.set(send, play);
  }
  return play;
}

function turn(send: Send, canvas: HTMLCanvasElement | null): void {
  if (!canvas || canvas !== playing) return;
  send((app) => {
    advance(app);
    const step = app.state.handover;
    if (step?.name !== "show") return;
    paint(canvas, step);
    timer = setTimeout(() => turn(send, canvas), 1_000 / step.perSecond);
  });
}

function stop(): void {
  clearTimeout(timer);
  void awake?.then((lock) => lock?.release());
  playing = null;
  awake = null;
}

/** Null where the browser does not know how, or the battery is low: the officer sees it, and touches the screen. */
async function keepAwake(): Promise<WakeLockSentinel | null> {
  try {
    return await navigator.wakeLock.request("screen");
  } catch {
    return null;
  }
}

/** A module is a whole number of the screen's own dots, so that none is wider than another. */
function paint(canvas: HTMLCanvasElement, { chain, index }: Showing): void {
  const { size, data } = encode(chain.frame(index), { ecc: "M", border: QUIET_ZONE, maskPattern: index % 8, boostEcc: false });
  const { width, height } = canvas.parentElement!.getBoundingClientRect();
  const dots = Math.max(1, Math.floor((Math.min(width, height) * devicePixelRatio) / size));
  canvas.width = canvas.height = size * dots;
  canvas.style.width = canvas.style.height = `${(size * dots) / devicePixelRatio}px`;
  const pen = canvas.getContext("2d")!;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#000";
  data.forEach((row, y) => row.forEach((dark, x) => dark && pen.fillRect(x * dots, y * dots, dots, dots)));
}
