// By what a code of a hand-over is told from a voucher's.

export const FRAME = "TIRH1:";

export function isFrame(text: string): boolean {
  return text.startsWith(FRAME);
}
