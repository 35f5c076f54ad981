// A QR symbol as one path, so that a thermal printer draws it as sharp as the screen.

import { html, type TemplateResult } from "lit-html";
import { encode } from "uqr";

export function symbol(text: string): TemplateResult {
  const { size, data } = encode(text, { ecc: "M", border: 2 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return html`<svg class="symbol" viewBox="0 0 ${size} ${size}" role="img" aria-label=${text} shape-rendering="crispEdges">
    <path fill="#fff" d="M0 0h${size}v${size}H0z" />
    <path fill="#000" d=${path} />
  </svg>`;
}
