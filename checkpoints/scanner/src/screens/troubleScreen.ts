// Something is wrong: a stamp with a reservation, a certified report, or a refusal to start.

import { html, nothing, type TemplateResult } from "lit-html";
import { type Action, deliberate, type Send, showing } from "../actions/action";
import { beginReport, beginStamp, changeRefusal, refuse } from "../actions/carnet";
import { missingInRefusal } from "../forms";
import { LIMITS } from "../judging/generated";
import type { State } from "../state";
import { isStart, isTermination } from "../statement";
import { say } from "../words/words";
import { act, bar, choose, text } from "./widgets";

export function drawTrouble(state: State, send: Send): TemplateResult {
  const shown = state.lorry.screenful!;
  const choice = (key: "reservation" | "report" | "refusal", chosen: Action) =>
    html`<button class="choice" @click=${() => send(chosen)}>
      <b>${say(`wrong.${key}`)}</b><span>${say(`wrong.${key}.hint`)}</span>
    </button>`;
  const page = shown.page ?? 0;
  const isKnown = shown.number !== "";
  return html`${bar(state, send, showing("carnet"))}
    <main class="page">
      <h1>${say("wrong.title")}</h1>
      <p class="what">${shown.number}${shown.page ? ` · ${say("see.page", { page: shown.page })}` : ""}</p>
      ${shown.verdict !== "stop" && isKnown && isTermination(page) ? choice("reservation", beginStamp(true)) : nothing}
      ${isKnown ? choice("report", beginReport) : nothing}
      ${isStart(page) && isKnown ? choice("refusal", showing("refusal")) : nothing}
    </main>
    <footer class="do">
      <button class="secondary" @click=${() => send(showing("carnet"))}>${say("form.back")}</button>
    </footer>`;
}

export function drawRefusal(state: State, send: Send): TemplateResult {
  const { refusal } = state.lorry;
  const reasons = state.phone?.bundle?.reasons.refusal ?? [];
  return html`${bar(state, send, showing("carnet"))}
    <main class="page">
      <h1>${say("wrong.refusal")}</h1>
      ${choose("wrong.reason", reasons, refusal.reason, (reason) => send(changeRefusal({ reason })))}
      ${text("wrong.text", refusal.text, LIMITS.refusal, (value) => send(changeRefusal({ text: value })))}
    </main>
    <footer class="do">
      ${act(say("wrong.send.refusal"), () => send(deliberate(refuse)), {
        why: missingInRefusal(refusal),
        isBusy: state.isBusy,
        said: state.notice,
      })}
      <button class="secondary" @click=${() => send(showing("carnet"))}>${say("form.back")}</button>
    </footer>`;
}
