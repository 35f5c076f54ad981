// Taking a stamp back: only its own office can, and only with a reason. The stamp itself stays in the ledger.

import { html, type TemplateResult } from "lit-html";
import { say, sayInstant } from "../words/words";
import type { App } from "./app";
import { takeBackDeed } from "./forms";
import { bar, text } from "./parts";

export function drawTakeBack(app: App): TemplateResult {
  const taking = app.takingBack!;
  const { body } = taking.stamp;
  return html`${bar(app, () => void app.showQueue())}
    <main class="page takeback">
      <h1>${say("takeback.title")}</h1>
      <p class="what">${body.carnet} · ${say("see.page", { page: body.page })} · ${sayInstant(body.occurred_at)}</p>
      <p>${say("takeback.hint")}</p>
      ${text("takeback.reason", taking.reason, (reason) => {
        taking.reason = reason;
        app.draw();
      })}
    </main>
    <footer class="do">
      <button class="primary danger" ?disabled=${app.isBusy || !taking.reason.trim()} @click=${() => takeBack(app)}>
        ${say("takeback.do")}
      </button>
      <button class="secondary" @click=${() => void app.showQueue()}>${say("form.back")}</button>
    </footer>`;
}

function takeBack(app: App): void {
  const { takingBack, isArmed } = app;
  if (!takingBack || !isArmed) return;
  const { stamp, reason } = takingBack;
  // The server knows the stamp, or does not yet: then both travel together, as made offline.
  const wasOnline = stamp.state === "done" && navigator.onLine;
  void app.do(takeBackDeed(stamp, reason.trim(), Date.now()), stamp.role as "entry", wasOnline);
}
