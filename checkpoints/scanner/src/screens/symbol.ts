// A QR symbol as one path, so that a thermal printer draws it as sharp as the screen.

import { html, nothing, type TemplateResult } from "lit-html";
import type { encode as Encode } from "uqr";

let encode: typeof Encode | null = null;

/** What draws symbols is no part of the first load: it comes when the phone is opened, long before the first receipt. */
export async function loadSymbols(): Promise<void> {
  encode = (await import("uqr")).encode;
}

export function symbol(text: string): TemplateResult | typeof nothing {
  if (!encode) return nothing;
  const { size, data } = encode(text, { ecc: "M", border: 2 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return html`<svg class="symbol" viewBox="0 0 ${size} ${size}" role="img" aria-label=${text} shape-rendering="crispEdges">
    <path fill="#fff" d="M0 0h${size}v${size}H0z" />
    <path fill="#000" d=${path} />
  </svg>`;
}
