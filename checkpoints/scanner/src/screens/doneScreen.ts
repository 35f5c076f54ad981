// Done: the receipt, to be shown as a code or printed, and the way to the next lorry.

import { html, nothing, type TemplateResult } from "lit-html";
import { deliberate, type Send } from "../actions/action";
import { beginStamp } from "../actions/carnet";
import { showItem } from "../actions/queue";
import { nextLorry } from "../actions/scanController";
import { type Item, type StampBody, takesBack } from "../queue/items";
import type { Lorry, State } from "../state";
import { installationOf } from "../store/sealedStore";
import type { Installation } from "../token/token";
import { type Key, say, sayInstantWithYear, sayName } from "../words/words";
import { symbol } from "./symbol";
import { bar, installedAs, sayProblem } from "./widgets";

const TITLES = { stamp: "done.stamp", refusal: "done.refusal", incident: "done.report" } as const;

export function drawDone(state: State, send: Send): TemplateResult {
  const item = state.lorry.done!;
  return html`${bar(state, send)}
    <main class="page done" tabindex="0" data-state=${item.state} data-kind=${item.kind}>
      <h1>${title(item)}</h1>
      <p class="what">
        ${item.body.carnet}${"page" in item.body ? ` · ${say("see.page", { page: item.body.page })}` : ""}${item.role
          ? ` · ${say(`role.${item.role}`)}`
          : ""}
      </p>
      <p class="state" role="status">${progress(item, state)}</p>
      ${item.receipt?.warnings?.length
        ? html`<ul class="reasons">
            ${item.receipt.warnings.map(({ detail }) => html`<li>${detail}</li>`)}
          </ul>`
        : nothing}
      ${item.kind === "stamp" && item.state !== "problem" ? receipt(item, state) : nothing}
    </main>
    <footer class="do">${whatNext(item, state.lorry, send)}</footer>`;
}

/** What became of it, in two words: what the server did not take is not done, whatever the officer meant. */
function title(item: Item): string {
  if (item.state === "problem") return `✖ ${say("done.refused")}`;
  const mark = item.kind === "refusal" ? "✖" : "✔";
  return `${mark} ${say(takesBack(item) ? "takeback.taken" : TITLES[item.kind])}`;
}

/** After a report the stamp; after all else the next lorry. What the server did not take has no receipt to print. */
function whatNext(item: Item, { screenful }: Lorry, send: Send): TemplateResult {
  if (item.kind === "incident" && screenful && screenful.verdict !== "stop") {
    return html`<button class="primary" @click=${() => send(beginStamp())}>${say(`stamp.${screenful.role}`)} ▸</button>
      <button class="secondary" @click=${() => send(nextLorry)}>${say("see.next")}</button>`;
  }
  return html`<button class="primary" @click=${() => send(deliberate(nextLorry))}>${say("see.next")} ▸</button>
    ${item.state === "problem"
      ? html`<button class="secondary" @click=${() => send(showItem(item.body.id))}>${say("done.decide")}</button>`
      : nothing}
    ${item.kind === "stamp" && item.state !== "problem"
      ? html`<button class="secondary" @click=${() => window.print()}>${say("done.print")}</button>`
      : nothing}`;
}

function progress(item: Item, { phone }: State): string {
  if (item.state === "problem") return say("done.problem", { detail: item.problem ? sayProblem(item.problem) : "—" });
  if (item.state === "done") {
    const sequence = item.receipt?.sequence;
    return sequence ? say("done.recorded", { sequence }) : say("item.recorded");
  }
  return say(phone?.isSending ? "done.sending" : "done.saved");
}

/** What a receipt's code holds: the address at which anybody checks the signed receipt; until there is one, enough to find the
 * stamp and to compare it, in the capital letters of a small symbol. */
export function receiptText(item: Item & { kind: "stamp" }, installation: Installation = "real"): string {
  if (item.receipt?.signed) return `${location.origin}/check/?r=${base64url(item.receipt.signed)}`;
  const { id, carnet, page, occurred_at } = item.body;
  const form = installation === "real" ? "TIRS1" : `TIRS1-${installation}`;
  return [form, id, carnet, page, item.office, occurred_at.slice(0, 19), item.receipt?.hash.slice(0, 32) ?? "-"]
    .join(" ")
    .toUpperCase();
}

function base64url(text: string): string {
  const raw = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(raw).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The slip that the driver takes along: where, by whom and when, what was stamped, and under which seals. */
function receipt(item: Item & { kind: "stamp" }, { enrolment, phone, lorry }: State): TemplateResult {
  const line = (name: string, value: string) => html`<dt>${name}</dt><dd>${value}</dd>`;
  const office = phone?.bundle?.offices.find(({ code }) => code === item.office);
  const plates = item.body.vehicles ?? lorry.screenful?.plates ?? [];
  const seals = sealsSaid(item.body.seals, lorry.screenful?.seals ?? []);
  const installation = phone?.bundle ? installationOf(phone.bundle) : "real";
  return html`<section class="receipt">
    ${symbol(receiptText(item, installation))} ${installedAs(installation)}
    <dl>
      ${line(say("done.time"), sayInstantWithYear(item.body.occurred_at))} ${line(say("done.office"), office ? `${sayName(office.name)} (${office.code})` : item.office)}
      ${office ? line(say("done.country"), office.country) : nothing}
      ${plates.length > 0 ? line(say("done.plates"), plates.join(", ")) : nothing}
      ${seals.length > 0 ? line(say("done.seals"), seals.join("; ")) : nothing}
      ${line(say("done.officer"), enrolment?.username ?? "")}
      ${item.receipt ? line(say("done.proof"), item.receipt.hash.slice(0, 32)) : nothing}
    </dl>
  </section>`;
}

/** What the stamp says of the seals, in words; `expected` are those that were called intact. */
export function sealsSaid(said: StampBody["seals"], expected: readonly string[]): string[] {
  const named = (key: Key, seals: readonly string[] | undefined) => (seals?.length ? [say(key, { seals: [...seals] })] : []);
  return [
    ...named("done.seals.intact", said?.intact ? expected : undefined),
    ...named("done.seals.found", said?.found),
    ...named("done.seals.affixed", said?.affixed),
  ];
}
