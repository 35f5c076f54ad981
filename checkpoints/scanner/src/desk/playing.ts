// Plays the desk's receipts while their canvas is on the page.

import { keepAwake, paint } from "../handover/painting";
import type { Desk } from "./desk";

const players = new WeakMap<Desk, (canvas?: Element) => void>();
let shown: HTMLCanvasElement | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let awake: Promise<WakeLockSentinel | null> | null = null;

export function playing(desk: Desk): (canvas?: Element) => void {
  let play = players.get(desk);
  if (!play) {
    play = (canvas) => {
      stop();
      if (!canvas) return;
      shown = canvas as HTMLCanvasElement;
      awake = keepAwake();
      queueMicrotask(() => turn(desk, shown)); // not in the middle of drawing
    };
    players.set(desk, play);
  }
  return play;
}

function turn(desk: Desk, canvas: HTMLCanvasElement | null): void {
  const { step } = desk;
  if (!canvas || canvas !== shown || step.name !== "show") return;
  paint(canvas, step.chain, step.index);
  timer = setTimeout(() => {
    desk.advance();
    turn(desk, canvas);
  }, 1_000 / step.perSecond);
}

function stop(): void {
  clearTimeout(timer);
  void awake?.then((lock) => lock?.release());
  shown = null;
  awake = null;
}
