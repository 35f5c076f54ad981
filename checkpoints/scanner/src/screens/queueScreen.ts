// This shift: what was done, what waits, and what a person must resolve.

import { html, nothing, type TemplateResult } from "lit-html";
import { type Send, showing } from "../actions/action";
import { beginTakeBack, readFile, resolve, saveFiles, sendNow, withdraw } from "../actions/queue";
import { ways, whose } from "../handover/door";
import { canBeTakenBack, type Item, isTakenBack, takesBack } from "../queue/items";
import type { State } from "../state";
import { say, sayInstant } from "../words/words";
import { bar, notice } from "./widgets";

const ORDER = { problem: 0, waiting: 1, done: 2 };

export function drawQueue(state: State, send: Send): TemplateResult {
  const items = [...state.items].sort((one, other) => ORDER[one.state] - ORDER[other.state] || other.madeAt - one.madeAt);
  const isSending = state.phone?.isSending ?? false;
  const hasUnsent = state.unsent.waiting + state.unsent.problem > 0;
  return html`${bar(state, send, showing("scan"))}
    <main class="page queue">
      <h1>${say("queue.title")}</h1>
      ${notice(state)} ${ways(state, hasUnsent, send)}
      ${items.length === 0 ? html`<p class="empty">${say("queue.empty")}</p>` : nothing}
      <ul class="items">
        ${items.map((item) => drawItem(item, state, send))}
      </ul>
      <p class="files">
        <button class="secondary" ?disabled=${!hasUnsent} @click=${() => send(saveFiles)}>${say(hasUnsent ? "queue.export" : "queue.export.nothing")}</button>
        <label class="secondary button"
          >${say("queue.import")}<input type="file" accept="application/json,.json" @change=${(event: Event) => takeFile(event.target as HTMLInputElement, send)}
        /></label>
      </p>
    </main>
    <footer class="do">
      <button class="primary" ?disabled=${isSending || state.unsent.waiting === 0} @click=${() => send(sendNow)}>
        ${say(isSending ? "queue.sending" : state.unsent.waiting > 0 ? "queue.send" : "queue.nothing")}
      </button>
    </footer>`;
}

function drawItem(item: Item, state: State, send: Send): TemplateResult {
  const { body } = item;
  return html`<li class=${item.state}>
    <p>
      <b>${body.carnet}</b>
      ${"page" in body ? say("see.page", { page: body.page }) : nothing} · ${say(takesBack(item) ? "takeback.kind" : `queue.kind.${item.kind}`)}
    </p>
    <p class="small">
      ${sayInstant(body.occurred_at)} · <em>${say(`queue.${item.state}`)}</em>
      ${isTakenBack(item, state.items) ? html` · <em>${say("takeback.taken")}</em>` : nothing}
      ${whose(item)}
    </p>
    ${item.state === "problem" ? resolving(item, state, send) : nothing}
    ${canBeTakenBack(item, state.items)
      ? html`<button class="secondary" @click=${() => send(beginTakeBack(item))}>${say("takeback.begin")}</button>`
      : nothing}
  </li>`;
}

/** A conflict from offline is on record beside the first stamp; a rejection is not on record at all. */
function resolving(item: Item, state: State, send: Send): TemplateResult {
  const { id } = item.body;
  const isArmed = state.armed === id;
  const save = (changes: Partial<Item>) => send(resolve(item, changes));
  if (item.receipt) {
    return html`<p>${item.problem?.detail} ${say("problem.both")}</p>
      <button class="secondary" @click=${() => save({ state: "done" })}>${say("problem.note")}</button>`;
  }
  const isRival = item.kind === "stamp" && item.wasOnline && item.tries === 1;
  return html`<p>${item.problem?.detail ?? item.problem?.code}</p>
    <button class="secondary" @click=${() => save({ state: "waiting", tries: isRival ? 1 : item.tries })}>
      ${say(isRival ? "problem.evidence" : "problem.again")}
    </button>
    <button class="secondary danger" @click=${() => send(withdraw(id))}>
      ${say(isArmed ? "problem.withdraw.sure" : "problem.withdraw")}
    </button>`;
}

function takeFile(input: HTMLInputElement, send: Send): void {
  const file = input.files?.[0];
  input.value = "";
  if (file) send(readFile(file));
}
