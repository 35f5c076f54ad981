// Route and goods: what is not compared at every lorry, for who wants to know more.

import { html, nothing, type TemplateResult } from "lit-html";
import { type Send, showing } from "../actions/action";
import type { Leg, Screenful } from "../screenful";
import type { State } from "../state";
import { say, sayDay } from "../words/words";
import { bar, sayReason } from "./widgets";

export function drawRoute(state: State, send: Send): TemplateResult {
  const { screenful, goods } = state.lorry;
  const shown = screenful!;
  return html`${bar(state, send, showing("carnet"))}
    <main class="page">
      <h1>${shown.number}</h1>
      <dl>
        ${fact(say("see.holder"), shown.holder)} ${fact(say("see.guarantee"), shown.guarantee)}
        ${fact(say("see.validity"), shown.validUntil && sayDay(shown.validUntil))}
      </dl>
      <h2>${say("see.route")}</h2>
      <ol class="route">
        ${shown.legs.map(leg)}
      </ol>
      <h2>${say("see.goods")}</h2>
      ${goods
        ? html`<ul>
            ${goods.map((each) => html`<li>${each}</li>`)}
          </ul>`
        : html`<p>${say("see.goods.offline")}</p>`}
      ${allReasons(shown)}
      <p class="small">${say("settings.signature")}</p>
    </main>
    <footer class="do">
      <button class="primary" @click=${() => send(showing("carnet"))}>${say("form.back")}</button>
    </footer>`;
}

function fact(name: string, value: string | null): TemplateResult {
  return html`<dt>${name}</dt><dd>${value || "—"}</dd>`;
}

function leg({ territory, sequence, status, timeLimit }: Leg): TemplateResult {
  return html`<li class=${status}>
    <b>${territory}</b> <span>${2 * sequence - 1}–${2 * sequence}</span>
    ${timeLimit ? html`<span>${say("see.until", { day: sayDay(timeLimit) })}</span>` : nothing}
  </li>`;
}

function allReasons({ reasons }: Screenful): TemplateResult | typeof nothing {
  if (reasons.length === 0) return nothing;
  return html`<h2>${say("see.reasons")}</h2>
    <ul>
      ${reasons.map((reason) => html`<li>${sayReason(reason)}</li>`)}
    </ul>`;
}
