// A code on a canvas, as large and as sharp as the screen allows; and the screen kept awake while codes are shown.

import { encode } from "uqr";
import type { Chain } from "./chain";

const QUIET_ZONE = 4; // modules, as the standard asks

/** Null where the browser does not know how, or the battery is low: the officer sees it, and touches the screen. */
export async function keepAwake(): Promise<WakeLockSentinel | null> {
  try {
    return await navigator.wakeLock.request("screen");
  } catch {
    return null;
  }
}

/** A module is a whole number of the screen's own dots, so that none is wider than another. */
export function paint(canvas: HTMLCanvasElement, chain: Chain, index: number): void {
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
