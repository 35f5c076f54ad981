// Taking a stamp back: only its own office can, and only with a reason. The stamp itself stays in the ledger.

import { html, type TemplateResult } from "lit-html";
import { deliberate, type Send } from "../actions/action";
import { giveReason, showQueue, takeBack } from "../actions/queue";
import { LIMITS } from "../judging/generated";
import type { State } from "../state";
import { say, sayInstant } from "../words/words";
import { act, bar, text } from "./widgets";

export function drawTakeBack(state: State, send: Send): TemplateResult {
  const taking = state.lorry.takingBack!;
  const { body } = taking.stamp;
  return html`${bar(state, send, showQueue)}
    <main class="page takeback">
      <h1>${say("takeback.title")}</h1>
      <p class="what">${body.carnet} · ${say("see.page", { page: body.page })} · ${sayInstant(body.occurred_at)}</p>
      <p>${say("takeback.hint")}</p>
      ${text("takeback.reason", taking.reason, LIMITS.takingBack, (reason) => send(giveReason(reason)))}
    </main>
    <footer class="do">
      ${act(say("takeback.do"), () => send(deliberate(takeBack)), {
        why: taking.reason.trim() ? null : "why.taking",
        isBusy: state.isBusy,
        said: state.notice,
        isDanger: true,
      })}
      <button class="secondary" @click=${() => send(showQueue)}>${say("form.back")}</button>
    </footer>`;
}
