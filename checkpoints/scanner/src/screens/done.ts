// Done: the receipt, to be shown as a code or printed, and the way to the next lorry.

import { html, nothing, type TemplateResult } from "lit-html";
import { type Item, takesBack } from "../queue/items";
import { say, sayInstant } from "../words/words";
import type { App } from "./app";
import { bar } from "./parts";
import { symbol } from "./symbol";

const TITLES = { stamp: "done.stamp", refusal: "done.refusal", incident: "done.report" } as const;

export function drawDone(app: App): TemplateResult {
  const item = app.done!;
  return html`${bar(app)}
    <main class="page done" data-state=${item.state}>
      <h1>✔ ${say(takesBack(item) ? "takeback.taken" : TITLES[item.kind])}</h1>
      <p class="what">
        ${item.body.carnet}${"page" in item.body ? ` · ${say("see.page", { page: item.body.page })}` : ""}${item.role
          ? ` · ${say(`role.${item.role as "entry"}`)}`
          : ""}
      </p>
      <p class="state" role="status">${state(item, app)}</p>
      ${item.receipt?.warnings.length
        ? html`<ul class="reasons">
            ${item.receipt.warnings.map(({ detail }) => html`<li>${detail}</li>`)}
          </ul>`
        : nothing}
      ${item.kind === "stamp" ? receipt(item, app) : nothing}
    </main>
    <footer class="do">
      ${item.kind === "incident" && app.look?.verdict !== "stop"
        ? html`<button class="primary" @click=${() => app.beginStamp()}>${say(`stamp.${app.look!.role}`)} ▸</button>`
        : html`<button class="primary" @click=${() => app.isArmed && app.nextLorry()}>${say("see.next")} ▸</button>`}
      ${item.kind === "stamp"
        ? html`<button class="secondary" @click=${() => window.print()}>${say("done.print")}</button>`
        : html`<button class="secondary" @click=${() => app.nextLorry()}>${say("see.next")}</button>`}
    </footer>`;
}

function state(item: Item, app: App): string {
  if (item.state === "problem") return say("done.problem", { detail: item.problem?.detail ?? item.problem?.code ?? "—" });
  if (item.state === "done") {
    return item.receipt ? say("done.recorded", { sequence: item.receipt.sequence }) : say("queue.done");
  }
  return say(app.phone?.isSending ? "done.sending" : "done.saved");
}

/** What a receipt's code holds: enough to find the stamp and to compare it. In the capital letters of a small symbol. */
export function receiptText(item: Item & { kind: "stamp" }): string {
  const { id, carnet, page, occurred_at } = item.body;
  return ["TIRS1", id, carnet, page, item.office, occurred_at.slice(0, 19), item.receipt?.hash.slice(0, 32) ?? "-"]
    .join(" ")
    .toUpperCase();
}

function receipt(item: Item & { kind: "stamp" }, app: App): TemplateResult {
  const line = (name: string, value: string) => html`<dt>${name}</dt><dd>${value}</dd>`;
  return html`<section class="receipt">
    ${symbol(receiptText(item))}
    <dl>
      ${line(say("done.time"), sayInstant(item.body.occurred_at))} ${line(say("done.office"), item.office)}
      ${line(say("done.officer"), app.enrolment?.username ?? "")}
      ${item.receipt ? line(say("done.proof"), item.receipt.hash.slice(0, 32)) : nothing}
    </dl>
  </section>`;
}
