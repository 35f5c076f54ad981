// One item of the queue: what it is, how it stands, and what there is to do about it.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Send } from "../actions/action";
import { decide, resolve, showQueue, withdraw } from "../actions/queue";
import { type Item, takesBack } from "../queue/items";
import type { State } from "../state";
import { type Key, say, sayInstant } from "../words/words";
import { bar, notice, sayClockSet, sayProblem } from "./widgets";

export type Standing = "kept" | "sending" | "recorded" | "decide" | "noted" | "withdrawn";

const WORTH_SAYING = 2 * 60_000; // milliseconds

/** Where an item stands: it leaves the list only on record, or by a named person's decision. */
export function standingOf(item: Item, { phone }: Pick<State, "phone">): Standing {
  if (item.decision) return item.decision.kind;
  if (item.state === "done") return "recorded";
  if (item.state === "problem") return "decide";
  return phone?.underway.has(item.body.id) ? "sending" : "kept";
}

export function sayWhat(item: Item): TemplateResult {
  const { body } = item;
  const kind = say(takesBack(item) ? "takeback.kind" : `queue.kind.${item.kind}`);
  return html`<b>${body.carnet}</b> ${"page" in body ? say("see.page", { page: body.page }) : nothing} · ${kind}`;
}

export function drawItem(state: State, send: Send): TemplateResult {
  const item = state.items.find(({ body }) => body.id === state.openItem);
  return html`${bar(state, send, showQueue)}
    <main class="page item">
      <h1>${say("item.title")}</h1>
      ${item ? particulars(item, state, send) : html`<p class="empty">${say("queue.empty")}</p>`}
    </main>`;
}

function particulars(item: Item, state: State, send: Send): TemplateResult {
  const standing = standingOf(item, state);
  const line = (key: Key, value: unknown) => html`<dt>${say(key)}</dt><dd>${value}</dd>`;
  return html`<p class="what">${sayWhat(item)}</p>
    <p class="standing ${standing}" role="status">${say(`item.${standing}`)}</p>
    <dl>
      ${line("item.since", sayInstant(item.body.occurred_at))} ${clock(item, state, line)}
      ${line("item.answer", sayAnswer(item))}
      ${item.decision ? line("item.decision", say("item.decided", { by: item.decision.by, when: sayInstant(item.decision.at) })) : nothing}
      ${line("done.office", item.office)} ${item.receipt ? line("done.proof", item.receipt.hash.slice(0, 32)) : nothing}
      ${line("item.id", item.body.id)}
    </dl>
    ${notice(state)}
    <h2>${say("item.do")}</h2>
    <p>${say(`item.do.${standing}`)}</p>
    ${standing === "decide" ? resolving(item, state, send) : nothing}`;
}

function sayAnswer(item: Item): string {
  const { receipt, problem, tries } = item;
  if (problem) return sayProblem(problem);
  if (receipt?.sequence) return say("item.answer.recorded", { sequence: receipt.sequence, when: sayInstant(receipt.recorded_at) });
  if (item.state === "done") return say("item.recorded");
  return tries > 0 ? say("item.answer.tried", { n: tries }) : say("item.answer.none");
}

/** The phone's clock was wrong or was set: the time that the other clocks give. */
function clock(item: Item, { phone }: State, line: (key: Key, value: unknown) => TemplateResult): unknown {
  const said = Date.parse(item.body.occurred_at);
  const kept = item.clockOffset === null ? null : said + item.clockOffset;
  const really = phone?.timeOf(item) ?? kept;
  const setBy = item.steady?.setBy ?? 0;
  return html`${really !== null && Math.abs(really - said) > WORTH_SAYING ? line("item.really", sayInstant(really)) : nothing}
  ${setBy === 0 ? nothing : line("item.clock", sayClockSet(setBy))}`;
}

/** A conflict from offline is on record beside the first stamp; a rejection is not on record at all. */
export function resolving(item: Item, state: State, send: Send): TemplateResult {
  const isArmed = state.armed === item.body.id;
  if (item.receipt) {
    return html`<p>${say("problem.both")}</p>
      <button class="secondary" @click=${() => send(decide(item, "noted"))}>${say("problem.note")}</button>`;
  }
  const isRival = item.kind === "stamp" && item.wasOnline && item.tries === 1;
  return html`<button
      class="secondary"
      @click=${() => send(resolve(item, { state: "waiting", tries: isRival ? 1 : item.tries }))}
    >
      ${say(isRival ? "problem.evidence" : "problem.again")}
    </button>
    <button class="secondary danger" @click=${() => send(withdraw(item))}>
      ${say(isArmed ? "problem.withdraw.sure" : "problem.withdraw")}
    </button>`;
}
