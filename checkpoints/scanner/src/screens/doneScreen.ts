// Done: the receipt, to be shown as a code or printed, and the way to the next lorry.

import { html, nothing, type TemplateResult } from "lit-html";
import { deliberate, type Send } from "../actions/action";
import { beginStamp } from "../actions/carnet";
import { nextLorry } from "../actions/scanController";
import { type Item, takesBack } from "../queue/items";
import type { Lorry, State } from "../state";
import { say, sayInstant } from "../words/words";
import { symbol } from "./symbol";
import { bar } from "./widgets";

const TITLES = { stamp: "done.stamp", refusal: "done.refusal", incident: "done.report" } as const;

export function drawDone(state: State, send: Send): TemplateResult {
  const item = state.lorry.done!;
  return html`${bar(state, send)}
    <main class="page done" data-state=${item.state} data-kind=${item.kind}>
      <h1>${item.kind === "refusal" ? "✖" : "✔"} ${say(takesBack(item) ? "takeback.taken" : TITLES[item.kind])}</h1>
      <p class="what">
        ${item.body.carnet}${"page" in item.body ? ` · ${say("see.page", { page: item.body.page })}` : ""}${item.role
          ? ` · ${say(`role.${item.role}`)}`
          : ""}
      </p>
      <p class="state" role="status">${progress(item, state)}</p>
      ${item.receipt?.warnings.length
        ? html`<ul class="reasons">
            ${item.receipt.warnings.map(({ detail }) => html`<li>${detail}</li>`)}
          </ul>`
        : nothing}
      ${item.kind === "stamp" ? receipt(item, state) : nothing}
    </main>
    <footer class="do">${whatNext(item, state.lorry, send)}</footer>`;
}

/** After a report the stamp; after all else the next lorry. */
function whatNext(item: Item, { screenful }: Lorry, send: Send): TemplateResult {
  if (item.kind === "incident" && screenful && screenful.verdict !== "stop") {
    return html`<button class="primary" @click=${() => send(beginStamp())}>${say(`stamp.${screenful.role}`)} ▸</button>
      <button class="secondary" @click=${() => send(nextLorry)}>${say("see.next")}</button>`;
  }
  return html`<button class="primary" @click=${() => send(deliberate(nextLorry))}>${say("see.next")} ▸</button>
    ${item.kind === "stamp"
      ? html`<button class="secondary" @click=${() => window.print()}>${say("done.print")}</button>`
      : nothing}`;
}

function progress(item: Item, { phone }: State): string {
  if (item.state === "problem") return say("done.problem", { detail: item.problem?.detail ?? item.problem?.code ?? "—" });
  if (item.state === "done") {
    return item.receipt ? say("done.recorded", { sequence: item.receipt.sequence }) : say("item.recorded");
  }
  return say(phone?.isSending ? "done.sending" : "done.saved");
}

/** What a receipt's code holds: enough to find the stamp and to compare it. In the capital letters of a small symbol. */
export function receiptText(item: Item & { kind: "stamp" }): string {
  const { id, carnet, page, occurred_at } = item.body;
  return ["TIRS1", id, carnet, page, item.office, occurred_at.slice(0, 19), item.receipt?.hash.slice(0, 32) ?? "-"]
    .join(" ")
    .toUpperCase();
}

function receipt(item: Item & { kind: "stamp" }, { enrolment }: State): TemplateResult {
  const line = (name: string, value: string) => html`<dt>${name}</dt><dd>${value}</dd>`;
  return html`<section class="receipt">
    ${symbol(receiptText(item))}
    <dl>
      ${line(say("done.time"), sayInstant(item.body.occurred_at))} ${line(say("done.office"), item.office)}
      ${line(say("done.officer"), enrolment?.username ?? "")}
      ${item.receipt ? line(say("done.proof"), item.receipt.hash.slice(0, 32)) : nothing}
    </dl>
  </section>`;
}
