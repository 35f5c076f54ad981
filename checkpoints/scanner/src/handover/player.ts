// Plays a chain of codes on a canvas, and keeps the screen awake meanwhile.

import type { Send } from "../actions/action";
import { keepAwake, paint } from "./painting";
import { advance } from "./steps";

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
    paint(canvas, step.chain, step.index);
    timer = setTimeout(() => turn(send, canvas), 1_000 / step.perSecond);
  });
}

function stop(): void {
  clearTimeout(timer);
  void awake?.then((lock) => lock?.release());
  playing = null;
  awake = null;
}
