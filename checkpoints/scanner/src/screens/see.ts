// Seeing: one screen, the verdict first, then what to compare with the lorry, then what to do.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Look } from "../look";
import { say, sayDay, sayInstant, sayName } from "../words/words";
import type { App } from "./app";
import { bar, glyph, sayReason, verdictShape } from "./parts";

/** Nothing more to stamp on this page: the next lorry is what comes next. */
const OVER = new Set(["voucher_already_stamped", "nothing_to_stamp"]);

export function drawSee(app: App): TemplateResult {
  const look = app.look!;
  return html`<div class="see ${look.verdict}">
    ${bar(app, () => app.nextLorry())}
    <section class="verdict" role="alert" aria-live="assertive">
      <h1>${verdictShape(look.verdict)} ${say(`verdict.${look.verdict}`)}</h1>
      <p class="what">
        ${[look.number, look.page && say("see.page", { page: look.page }), look.role && say(`role.${look.role}`)]
          .filter(Boolean)
          .join(" · ")}
      </p>
      ${reasons(look)}
      <p class="source">
        ${app.isAsking ? say("see.asking") : say(`see.source.${look.source}`)}${look.lane
          ? html` · <b>${say(`see.lane.${look.lane}`)}</b>`
          : nothing}
      </p>
    </section>
    <main class="facts">
      <p class="plates" aria-label=${say("see.plates")}>
        ${look.plates.length > 0 ? look.plates.map((plate) => html`<b>${plate}</b>`) : html`<b class="none">—</b>`}
      </p>
      ${seals(app, look)}
      <p class="facts-line">
        ${[
          look.packages !== null && say("see.packages", { n: look.packages }),
          look.timeLimit && say("see.until", { day: sayDay(look.timeLimit) }),
        ]
          .filter(Boolean)
          .join(" · ")}
        <button class="link" @click=${() => void app.more()}>${say("see.more")} ▸</button>
      </p>
      <p class="last">${lastStamp(app, look)}</p>
    </main>
    <footer class="do">${primary(app, look)} ${secondary(app, look)}</footer>
  </div>`;
}

function reasons(look: Look): TemplateResult {
  const shown = look.reasons.filter(({ level }) => level !== "note");
  const rest = shown.length > 0 ? shown : look.reasons;
  return html`<ul class="reasons" tabindex="0">
    ${rest.map((reason) => html`<li>${sayReason(reason)}</li>`)}
  </ul>`;
}

function seals(app: App, look: Look): TemplateResult {
  if (look.seals === null || look.seals.length === 0) {
    const isFirst = look.page === 1 || (look.seals !== null && look.isHistoryKnown);
    return html`<p class="seals none">${say(isFirst || look.isHistoryKnown ? "see.seals.none" : "see.seals.unknown")}</p>`;
  }
  return html`<div class="seals" role="group" aria-label=${say("see.seals")}>
    ${look.seals.map((seal) => {
      const isBad = app.badSeals.has(seal);
      return html`<button
        class="seal ${isBad ? "bad" : ""}"
        aria-pressed=${isBad ? "true" : "false"}
        aria-label=${say(isBad ? "see.seal.bad" : "see.seal.ok", { seal })}
        @click=${() => app.toggleSeal(seal)}
      >
        ${glyph(isBad ? "cross" : "tick")} ${seal}
      </button>`;
    })}
  </div>`;
}

function lastStamp(app: App, look: Look): string {
  if (look.lastStamp) {
    const { role, office: code, at } = look.lastStamp;
    const known = app.phone?.bundle?.offices.find((office) => office.code === code);
    return say("see.last", { role, office: known ? sayName(known.name) : code, when: sayInstant(at) });
  }
  return say(look.isHistoryKnown ? "see.last.none" : "see.last.unknown");
}

function primary(app: App, look: Look): TemplateResult {
  if (app.badSeals.size > 0) {
    return html`<button class="primary" @click=${() => beginReport(app)}>${say("see.report")} ▸</button>`;
  }
  if (isActable(look)) {
    return html`<button class="primary" @click=${() => app.isArmed && app.show("wrong")}>${say("see.wrong")} ▸</button>`;
  }
  if (look.verdict === "stop" || look.reasons.some(({ code }) => OVER.has(code))) {
    return html`<button class="primary" @click=${() => app.isArmed && app.nextLorry()}>${say("see.next")} ▸</button>`;
  }
  return html`<button class="primary" @click=${() => app.beginStamp()}>${say(`stamp.${look.role}`)} ▸</button>`;
}

/** A stop about a carnet that is known: refusing or reporting comes next. A forged code leaves nothing to act on. */
function isActable(look: Look): boolean {
  return look.verdict === "stop" && look.isHistoryKnown;
}

function secondary(app: App, look: Look): TemplateResult {
  return isActable(look)
    ? html`<button class="secondary" @click=${() => app.nextLorry()}>${say("see.next")}</button>`
    : html`<button class="secondary" @click=${() => app.show("wrong")}>${say("see.wrong")}</button>`;
}

export function beginReport(app: App): void {
  for (const seal of app.badSeals) app.report.broken.add(seal);
  app.show("report");
}

export function drawMore(app: App): TemplateResult {
  const look = app.look!;
  return html`${bar(app, () => app.show("see"))}
    <main class="page">
      <h1>${look.number}</h1>
      <dl>
        ${fact(say("see.holder"), look.holder)} ${fact(say("see.guarantee"), look.guarantee)}
        ${fact(say("see.validity"), look.validUntil && sayDay(look.validUntil))}
      </dl>
      <h2>${say("see.route")}</h2>
      <ol class="route">
        ${look.legs.map(
          (leg) => html`<li class=${leg.status}>
            <b>${leg.territory}</b> <span>${2 * leg.sequence - 1}–${2 * leg.sequence}</span>
            ${leg.timeLimit ? html`<span>${say("see.until", { day: sayDay(leg.timeLimit) })}</span>` : nothing}
          </li>`,
        )}
      </ol>
      <h2>${say("see.goods")}</h2>
      ${app.goods
        ? html`<ul>
            ${app.goods.map((each) => html`<li>${each}</li>`)}
          </ul>`
        : html`<p>${say("see.goods.offline")}</p>`}
      ${look.reasons.length > 0
        ? html`<h2>${say("see.reasons")}</h2>
            <ul>
              ${look.reasons.map((reason) => html`<li>${sayReason(reason)}</li>`)}
            </ul>`
        : nothing}
      <p class="small">${say("settings.signature")}</p>
    </main>
    <footer class="do">
      <button class="primary" @click=${() => app.show("see")}>${say("form.back")}</button>
    </footer>`;
}

function fact(name: string, value: string | null): TemplateResult {
  return html`<dt>${name}</dt><dd>${value || "—"}</dd>`;
}

