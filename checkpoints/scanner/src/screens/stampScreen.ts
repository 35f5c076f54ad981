// The second tap: what the stamp will say, filled in already; the same button again makes it.

import { html, nothing, type TemplateResult } from "lit-html";
import { deliberate, type Send, showing } from "../actions/action";
import { changeStamp, makeStamp } from "../actions/carnet";
import { missingIn, type StampForm } from "../forms";
import type { Lorry, State } from "../state";
import { say } from "../words/words";
import { bar, box, text, tick, verdictShape } from "./widgets";

const PAGES = Array.from({ length: 20 }, (_, index) => index + 1);

export function drawStamp(state: State, send: Send): TemplateResult {
  const { lorry } = state;
  const [shown, form] = [lorry.screenful!, lorry.stamp!];
  const isStart = (form.page ?? 0) % 2 === 1;
  const missing = missingIn(form);
  const change = (changes: Partial<StampForm>) => send(changeStamp(changes));
  return html`${bar(state, send, showing("carnet"))}
    <main class="page confirm">
      <h1 class="strip ${shown.verdict}">
        ${verdictShape(shown.verdict)}
        <span>${say(`stamp.${shown.role}`)}<small>${shown.number}${form.page ? ` · ${say("see.page", { page: form.page })}` : ""}</small></span>
      </h1>
      ${shown.page === null ? pageChoice(form.page, (page) => change({ page })) : nothing}
      ${seals(lorry, change)}
      <div class="pair">
        ${box("form.packages", form.packages, (packages) => change({ packages }), {
          mode: "numeric",
          wrong: missing === "packages",
        })}
        ${isStart
          ? box("form.limit", form.timeLimit, (timeLimit) => change({ timeLimit }), { type: "date", mode: "none" })
          : nothing}
      </div>
      ${form.withReservation
        ? text("form.reservation", form.reservation, (reservation) => change({ reservation }))
        : nothing}
      ${isStart
        ? nothing
        : html`${tick("form.partial", form.isPartial, () => change({ isPartial: !form.isPartial }))}
          ${tick("form.suspension", form.isSuspension, () => change({ isSuspension: !form.isSuspension }))}`}
    </main>
    <footer class="do">
      <button class="primary" ?disabled=${state.isBusy || missing !== null} @click=${() => send(deliberate(makeStamp))}>
        ✔ ${say("confirm.stamp")}
      </button>
      <button class="secondary" @click=${() => send(showing("carnet"))}>${say("form.back")}</button>
    </footer>`;
}

function seals({ screenful, stamp, badSeals }: Lorry, change: (changes: Partial<StampForm>) => void) {
  const [shown, form] = [screenful!, stamp!];
  const affixed = box("form.affixed", form.affixed, (value) => change({ affixed: value }), { hint: say("form.seals.hint") });
  if (shown.seals?.length) {
    return html`<p class="seals">
        ${shown.seals.map((seal) => html`<span class="seal ${badSeals.has(seal) ? "bad" : ""}">${badSeals.has(seal) ? "✖" : "✔"} ${seal}</span>`)}
      </p>
      ${badSeals.size > 0 ? affixed : nothing}`;
  }
  if (shown.page === 1 && form.page === 1) return affixed;
  return box("form.found", form.found, (found) => change({ found }), { hint: say("form.seals.hint") });
}

function pageChoice(chosen: number | null, choose: (page: number | null) => void): TemplateResult {
  const changed = (event: Event) => choose(Number((event.target as HTMLSelectElement).value) || null);
  return html`<label class="box"
    ><span>${say("scan.page")}</span>
    <select @change=${changed}>
      <option value="">—</option>
      ${PAGES.map((page) => html`<option value=${page} ?selected=${page === chosen}>${page}</option>`)}
    </select>
  </label>`;
}
