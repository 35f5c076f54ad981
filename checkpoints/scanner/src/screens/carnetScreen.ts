// The carnet: one screen, the verdict first, then what to compare with the lorry, then what to do.

import { html, nothing, type TemplateResult } from "lit-html";
import { deliberate, type Send, showing } from "../actions/action";
import { beginReport, beginStamp, showRoute, stateInOrder } from "../actions/carnet";
import { nextLorry } from "../actions/scanController";
import type { Lane } from "../judging/generated";
import type { Screenful } from "../screenful";
import { isWaiting, type Lorry, type State } from "../state";
import { badSeals, canSayInOrder, isTermination } from "../statement";
import { say, sayDay, sayInstant, sayName } from "../words/words";
import { shownNow } from "./shown";
import { bar, sayReason, sealChips, verdictShape, waitingShape } from "./widgets";

/** Nothing more to stamp on this page: the next lorry is what comes next. */
const OVER = new Set(["voucher_already_stamped", "nothing_to_stamp"]);

export function drawCarnet(state: State, send: Send): TemplateResult {
  const { lorry } = state;
  if (isWaiting(lorry)) return drawWaiting(state, send);
  const shown = shownNow(state);
  return html`<div class="see ${shown.verdict}" aria-busy=${lorry.isAsking ? "true" : "false"}>
    ${bar(state, send, nextLorry)} ${verdict(lorry, shown)}
    <main class="facts">
      <p class="plates" aria-label=${say("see.plates")}>
        ${shown.plates.length > 0 ? shown.plates.map((plate) => html`<b>${plate}</b>`) : html`<b class="none">—</b>`}
      </p>
      ${seals(lorry, shown, send)}
      <p class="facts-line">
        ${[
          shown.packages !== null && say("see.packages", { n: shown.packages }),
          shown.timeLimit && say("see.until", { day: sayDay(shown.timeLimit) }),
        ]
          .filter(Boolean)
          .join(" · ")}
        <button class="link" @click=${() => send(showRoute)}>${say("see.more")} ▸</button>
      </p>
      <p class="last">${lastStamp(state, shown)}</p>
    </main>
    <footer class="do">${primary(lorry, shown, send)} ${secondary(shown, send)}</footer>
  </div>`;
}

/** No verdict yet, and nothing to tap that an answer could change under the finger. */
function drawWaiting(state: State, send: Send): TemplateResult {
  const { number, page } = state.lorry.screenful!;
  return html`<div class="see waiting" aria-busy="true">
    ${bar(state, send, nextLorry)}
    <section class="verdict" role="status">
      <h1>${waitingShape()} ${say("see.waiting")}</h1>
      <p class="what">${[number, page && say("see.page", { page })].filter(Boolean).join(" · ")}</p>
      <p class="source">${say("see.asking")}</p>
    </section>
    <main class="facts"><p>${say("see.waiting.why")}</p></main>
    <footer class="do">
      <button class="secondary" @click=${() => send(nextLorry)}>${say("see.next")}</button>
    </footer>
  </div>`;
}

function verdict({ isAsking, serverSaid }: Lorry, shown: Screenful): TemplateResult {
  return html`<section class="verdict" role="alert" aria-live="assertive">
    <h1>${verdictShape(shown.verdict)} ${say(`verdict.${shown.verdict}`)}</h1>
    <p class="what">
      ${[shown.number, shown.page && say("see.page", { page: shown.page }), shown.role && say(`role.${shown.role}`)]
        .filter(Boolean)
        .join(" · ")}
    </p>
    ${reasons(shown)}
    <p class="source">
      ${isAsking ? say("see.asking") : say(`see.source.${shown.source}`)}${isLaneSaid(shown)
        ? html` · <b>${say(`see.lane.${shown.lane}`)}</b>`
        : nothing}
    </p>
    ${serverSaid ? html`<p class="source">${serverSaid}</p>` : nothing}
  </section>`;
}

/** A green lane beside anything but "go" would be read as a release. */
function isLaneSaid(shown: Screenful): shown is Screenful & { lane: Lane } {
  return shown.lane !== null && shown.verdict !== "stop" && (shown.lane !== "green" || shown.verdict === "go");
}

function reasons(shown: Screenful): TemplateResult {
  const grave = shown.reasons.filter(({ level }) => level !== "note");
  const listed = grave.length > 0 ? grave : shown.reasons;
  return html`<ul class="reasons" tabindex="0">
    ${listed.map((reason) => html`<li>${sayReason(reason)}</li>`)}
  </ul>`;
}

function seals({ statement }: Lorry, shown: Screenful, send: Send): TemplateResult {
  if (shown.seals === null || shown.seals.length === 0) {
    const isKnown = shown.isHistoryKnown || shown.page === 1;
    return html`<p class="seals none">${say(isKnown ? "see.seals.none" : "see.seals.unknown")}</p>`;
  }
  // Until the list is gone through on the form, only what was crossed out is said.
  return sealChips(shown.seals, send, (seal) => (badSeals(statement).has(seal) ? "cross" : "open"));
}

function lastStamp({ phone }: State, shown: Screenful): string {
  if (shown.lastStamp) {
    const { role, office: code, at } = shown.lastStamp;
    const known = phone?.bundle?.offices.find((office) => office.code === code);
    return say("see.last", { role, office: known ? sayName(known.name) : code, when: sayInstant(at) });
  }
  return say(shown.isHistoryKnown ? "see.last.none" : "see.last.unknown");
}

function primary(lorry: Lorry, shown: Screenful, send: Send): TemplateResult {
  if (badSeals(lorry.statement).size > 0 && !lorry.isReported) {
    return html`<button class="primary" @click=${() => send(beginReport)}>${say("see.report")} ▸</button>`;
  }
  if (isActable(shown)) {
    return html`<button class="primary" @click=${() => send(deliberate(showing("trouble")))}>${say("see.wrong")} ▸</button>`;
  }
  if (shown.verdict === "stop" || shown.reasons.some(({ code }) => OVER.has(code))) {
    return html`<button class="primary" @click=${() => send(deliberate(nextLorry))}>${say("see.next")} ▸</button>`;
  }
  return canSayInOrder(lorry.statement, shown) ? inOneTap(shown, send) : toTheForm(shown, send);
}

/** The officer has looked: the tap that goes on says so. */
function inOneTap(shown: Screenful, send: Send): TemplateResult {
  const key = isTermination(shown.page!) ? "state.order.both" : "state.order.seals";
  return html`<button class="primary" @click=${() => send(stateInOrder)}>
    <small>${say(key)}</small> ${say(`stamp.${shown.role}`)} ▸
  </button>`;
}

/** What there is to state is asked one by one. */
function toTheForm(shown: Screenful, send: Send): TemplateResult {
  return html`<button class="primary" @click=${() => send(beginStamp())}>${say(`stamp.${shown.role}`)} ▸</button>`;
}

/** A stop about a carnet that is known: refusing or reporting comes next. A forged code leaves nothing to act on. */
function isActable(shown: Screenful): boolean {
  return shown.verdict === "stop" && shown.isHistoryKnown;
}

function secondary(shown: Screenful, send: Send): TemplateResult {
  return isActable(shown)
    ? html`<button class="secondary" @click=${() => send(nextLorry)}>${say("see.next")}</button>`
    : html`<button class="secondary" @click=${() => send(showing("trouble"))}>${say("see.wrong")}</button>`;
}
