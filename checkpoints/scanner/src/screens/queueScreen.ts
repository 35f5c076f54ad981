// This shift: what was done, what waits, and what a person must resolve.

import { html, nothing, type TemplateResult } from "lit-html";
import { type Send, showing } from "../actions/action";
import { beginTakeBack, readFile, saveFiles, sendNow, showItem } from "../actions/queue";
import { ways, whose } from "../handover/door";
import { canBeTakenBack, type Item, isTakenBack } from "../queue/items";
import type { State } from "../state";
import { say, sayInstant } from "../words/words";
import { resolving, sayWhat, standingOf } from "./itemScreen";
import { bar, notice, risk, sayProblem } from "./widgets";

const ORDER = { problem: 0, waiting: 1, done: 2 };

export function drawQueue(state: State, send: Send): TemplateResult {
  const items = [...state.items].sort((one, other) => ORDER[one.state] - ORDER[other.state] || other.madeAt - one.madeAt);
  const isSending = state.phone?.isSending ?? false;
  const hasUnsent = state.unsent.waiting + state.unsent.problem > 0;
  return html`${bar(state, send, showing("scan"))}
    <main class="page queue">
      <h1>${say("queue.title")}</h1>
      ${risk(state)} ${notice(state)} ${ways(state, hasUnsent, send)}
      ${items.length === 0 ? html`<p class="empty">${say("queue.empty")}</p>` : nothing}
      <ul class="items">
        ${items.map((item) => row(item, state, send))}
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

function row(item: Item, state: State, send: Send): TemplateResult {
  const standing = standingOf(item, state);
  return html`<li class=${standing}>
    <button class="open" @click=${() => send(showItem(item.body.id))}>
      <span>${sayWhat(item)}</span>
      <span class="small"
        >${sayInstant(item.body.occurred_at)} · <em class="standing">${say(`item.${standing}`)}</em>${isTakenBack(item, state.items)
          ? html` · <em>${say("takeback.taken")}</em>`
          : nothing}
        ${whose(item)}</span
      >
    </button>
    ${standing === "decide" ? html`<p>${item.problem && sayProblem(item.problem)}</p>${resolving(item, state, send)}` : nothing}
    ${canBeTakenBack(item, state.items)
      ? html`<button class="secondary" @click=${() => send(beginTakeBack(item))}>${say("takeback.begin")}</button>`
      : nothing}
  </li>`;
}

function takeFile(input: HTMLInputElement, send: Send): void {
  const file = input.files?.[0];
  input.value = "";
  if (file) send(readFile(file));
}
