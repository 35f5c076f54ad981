// Pieces that several screens are made of.

import { html, nothing, svg, type TemplateResult } from "lit-html";
import type { Action, Send } from "../actions/action";
import { showing } from "../actions/action";
import { crossSeal } from "../actions/carnet";
import { showQueue } from "../actions/queue";
import { switchLanguage } from "../actions/settings";
import type { Verdict } from "../judging/held";
import type { Problem } from "../queue/items";
import type { Reason } from "../screenful";
import { isWrong } from "../serverClock";
import type { State } from "../state";
import type { Statement } from "../statement";
import { steadyClock } from "../steadyClock";
import { isShortOfRoom, mayLose } from "../store/keeping";
import { installationOf, type NamedCode } from "../store/sealedStore";
import type { Installation } from "../token/token";
import {
  currentLanguage,
  isKey,
  type Key,
  type Language,
  LANGUAGES,
  say,
  sayAge,
  sayFinding,
  sayName,
} from "../words/words";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MEGABYTE = 1024 * 1024;

/** How fresh is what the phone knows: under an hour green, under a day amber, else red; by a clock that can be believed. */
export function freshness(
  syncedAt: number | null,
  now: number,
  offset: number | null = null,
): { level: "green" | "amber" | "red"; words: string } {
  if (isWrong(offset)) return { level: "red", words: say("clock.wrong", { age: sayAge(Math.abs(offset)) }) };
  if (syncedAt === null) return { level: "red", words: say("fresh.never") };
  const age = now - syncedAt;
  if (age < 60_000) return { level: "green", words: say("fresh.now") };
  const level = age < HOUR ? "green" : age < 24 * HOUR ? "amber" : "red";
  return { level, words: say(`fresh.${level}`, { age: sayAge(age) }) };
}

/** The word over everything where nothing that is done is real. */
export function installedAs(installation: Installation) {
  if (installation === "real") return nothing;
  return html`<b class="sandbox">${say(installation === "training" ? "training" : "sandbox")}</b>`;
}

/** The bar on every screen: how fresh, how much unsent, and where to look closer. */
export function bar(state: State, send: Send, back: Action | null = null): TemplateResult {
  const { phone } = state;
  const fresh = phone && freshness(phone.syncedAt, Date.now(), phone.clockOffset());
  return html`<header class="bar">
    ${back
      ? html`<button class="icon" @click=${() => send(back)} aria-label=${say("form.back")}>${glyph("back")}</button>`
      : nothing}
    ${fresh
      ? html`<span class="fresh ${fresh.level}">${fresh.words}</span>`
      : html`<span class="fresh">${say("app")}</span>`}
    ${phone?.bundle ? installedAs(installationOf(phone.bundle)) : nothing} ${unsentCount(state, send)}
    ${languages(send)}
    ${phone
      ? html`<button class="icon" @click=${() => send(showing("settings"))} aria-label=${say("settings.title")}>
          ${glyph("settings")}
        </button>`
      : nothing}
  </header>`;
}

/** A phone that nobody has enrolled has sent nothing, and says nothing of it. */
function unsentCount({ phone, enrolment, unsent }: State, send: Send): TemplateResult | typeof nothing {
  const waiting = phone?.waiting(Date.now()) ?? null;
  const isLate = waiting !== null && waiting.urgency !== "none";
  const words = isLate
    ? say("unsent.late", { n: unsent.waiting + unsent.problem, age: sayAge(waiting.age) })
    : unsent.problem
    ? say("problems.count", { n: unsent.problem })
    : unsent.waiting
      ? say("unsent", { n: unsent.waiting })
      : say("unsent.none");
  if (!enrolment) return nothing;
  return html`<button
    class="unsent ${unsent.waiting ? "some" : ""} ${unsent.problem || waiting?.urgency === "red" ? "wrong" : ""}"
    ?disabled=${!phone}
    @click=${() => send(showQueue)}
  >
    ${words}
  </button>`;
}

const SHORT: Record<Language, string> = { en: "EN", ru: "RU", zh: "中" };

/** One tap to the next language. */
function languages(send: Send): TemplateResult {
  const all = Object.keys(LANGUAGES) as Language[];
  const next = all[(all.indexOf(currentLanguage()) + 1) % all.length]!;
  return html`<button
    class="icon language"
    lang=${next}
    aria-label="${SHORT[next]} ${LANGUAGES[next]}"
    @click=${() => send(switchLanguage(next))}
  >
    ${SHORT[next]}
  </button>`;
}

/** What may become of unsent stamps on this phone, and what to do about it; nothing where they are safe. */
export function risk({ keeping, phone }: State): TemplateResult | typeof nothing {
  const isFull = phone?.queue.isFull ?? false;
  if (!mayLose(keeping) && !isFull) return nothing;
  return html`<div class="risk" role="note">
    <b>${say("keep.may")}</b>
    ${isShortOfRoom(keeping) || isFull
      ? html`<p>${say("keep.room", { mb: Math.floor((isFull ? 0 : (keeping.free ?? 0)) / MEGABYTE) })}</p>`
      : nothing}
    ${keeping.isPersisted ? nothing : html`<p>${say("settings.storage.no")}</p>`}
  </div>`;
}

/** The same in a line, which leads to the whole. */
export function riskLine(state: State, send: Send): TemplateResult | typeof nothing {
  const { setSinceHeard } = steadyClock;
  if (setSinceHeard !== 0) return html`<p class="risk" role="note">${sayClockSet(setSinceHeard)}</p>`;
  if (state.phone?.seenLog?.broken) return html`<p class="risk" role="note">${say("log.broken")}</p>`;
  if (!mayLose(state.keeping) && !state.phone?.queue.isFull) return nothing;
  return html`<button class="risk" @click=${() => send(showing("settings"))}>${say("keep.may")}</button>`;
}

export function sayClockSet(by: number): string {
  return say(by > 0 ? "clock.set.ahead" : "clock.set.back", { age: sayAge(Math.round(Math.abs(by) / MINUTE) * MINUTE) });
}

export function notice(state: State): TemplateResult {
  return html`<p class="notice" role="status">${state.notice}</p>`;
}

export function sayReason(reason: Reason): string {
  return reason.detail ?? sayFinding(reason);
}

/** A seal as what was stated of it: not looked at, whole, or crossed out. */
export function sealMark(seal: string, { seals }: Statement): Glyph {
  if (seals?.kind === "list") return seals.bad.has(seal) ? "cross" : "tick";
  return seals?.kind === "intact" ? "tick" : "open";
}

/** The seals that should be there; a tap crosses one out, or takes that back. */
export function sealChips(seals: readonly string[], send: Send, markOf: (seal: string) => Glyph): TemplateResult {
  return html`<div class="seals" role="group" aria-label=${say("see.seals")}>
    ${seals.map((seal) => {
      const mark = markOf(seal);
      const isBad = mark === "cross";
      return html`<button
        class="seal ${isBad ? "bad" : ""}"
        aria-pressed=${isBad ? "true" : "false"}
        aria-label=${say(isBad ? "see.seal.bad" : "see.seal", { seal })}
        @click=${() => send(crossSeal(seal))}
      >
        ${glyph(mark)} ${seal}
      </button>`;
    })}
  </div>`;
}

/** The server is still asked, and nothing is known here. */
export function waitingShape(): TemplateResult {
  return html`<svg class="shape" viewBox="0 0 64 64" aria-hidden="true">
    <circle cx="32" cy="32" r="29" /><path class="mark" d="M32 14v19l12 8" />
  </svg>`;
}

/** What a verdict looks like where colour is not seen: each has a shape of its own. */
export function verdictShape(verdict: Verdict): TemplateResult {
  const shapes: Record<Verdict, TemplateResult> = {
    go: svg`<circle cx="32" cy="32" r="29"/><path class="mark" d="M18 33l10 10 19-22"/>`,
    look: svg`<path d="M32 4l30 54H2z"/><path class="mark" d="M32 23v18M32 48v3"/>`,
    stop: svg`<path d="M20 3h24l17 17v24L44 61H20L3 44V20z"/><path class="mark" d="M21 21l22 22M43 21L21 43"/>`,
    unknown: svg`<path d="M4 4h56v56H4z"/><path class="mark" d="M23 25c0-13 19-13 19-1 0 8-10 8-10 16M32 48v3"/>`,
  };
  return html`<svg class="shape" viewBox="0 0 64 64" aria-hidden="true">${shapes[verdict]}</svg>`;
}

type Glyph = "back" | "settings" | "torch" | "tick" | "cross" | "open";
const PATHS: Record<Glyph, string> = {
  back: "M15 4l-8 8 8 8",
  settings: "M4 7h16M4 12h16M4 17h16",
  torch: "M8 3h8v4l-2 3v11h-4V10L8 7zM8 6h8",
  tick: "M4 13l5 5L20 6",
  cross: "M5 5l14 14M19 5L5 19",
  open: "M4 4h16v16H4z",
};

export function glyph(name: Glyph): TemplateResult {
  return html`<svg class="glyph" viewBox="0 0 24 24" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
}

/** A labelled box to fill in. */
export function box(
  key: Key,
  value: string,
  changed: (value: string) => void,
  how: { type?: string; mode?: string; hint?: string; wrong?: boolean; least?: string } = {},
): TemplateResult {
  return html`<label class="box"
    ><span>${say(key)}</span>
    <input
      type=${how.type ?? "text"}
      inputmode=${how.mode ?? "text"}
      autocomplete="off"
      min=${how.least ?? nothing}
      autocapitalize=${how.mode ? "off" : "characters"}
      aria-invalid=${how.wrong ? "true" : "false"}
      .value=${value}
      @input=${(event: InputEvent) => changed((event.target as HTMLInputElement).value)} />
    ${how.hint ? html`<small>${how.hint}</small>` : nothing}
  </label>`;
}

export function tick(key: Key, on: boolean, changed: () => void): TemplateResult {
  return tickOf(say(key), on, changed);
}

export function tickOf(name: string, on: boolean, changed: () => void): TemplateResult {
  return html`<label class="tick"><input type="checkbox" .checked=${on} @change=${changed} /><span>${name}</span></label>`;
}

/** Why something is not on record: the server's words, or ours in the language of now. */
export function sayProblem({ facts, detail, code }: Problem): string {
  return facts ? say("problem.failed", facts) : (detail ?? code ?? "—");
}

/** A few lines in the officer's own words. */
export function text(key: Key, value: string, most: number, changed: (value: string) => void): TemplateResult {
  return html`<label class="box"
    ><span>${say(key)}</span
    ><textarea
      rows="2"
      maxlength=${most}
      .value=${value}
      @input=${(event: InputEvent) => changed((event.target as HTMLTextAreaElement).value)}
    ></textarea>
  </label>`;
}

/** Seals or plates, one a line: a handheld scanner ends each with a new line, and a blank belongs to its spelling. */
export function list(key: Key, value: string, changed: (value: string) => void): TemplateResult {
  return html`<label class="box"
    ><span>${say(key)}</span
    ><textarea
      class="list"
      rows=${Math.min(Math.max(value.split("\n").length, 2), 5)}
      autocapitalize="characters"
      autocomplete="off"
      spellcheck="false"
      .value=${value}
      @input=${(event: InputEvent) => changed((event.target as HTMLTextAreaElement).value)}
    ></textarea
    ><small>${say("form.list.hint")}</small>
  </label>`;
}

export interface Answer {
  readonly value: string;
  readonly key: Key;
  readonly isOff?: boolean;
}

/** One question with its answers side by side; none is given before a person gives it. */
export function question(
  key: Key,
  answers: readonly Answer[],
  given: string | null,
  changed: (value: string) => void,
): TemplateResult {
  return html`<fieldset class="question">
    <legend>${say(key)}</legend>
    ${answers.map(
      (each) => html`<label class="answer"
        ><input
          type="radio"
          name=${key}
          .checked=${each.value === given}
          ?disabled=${each.isOff ?? false}
          @change=${() => changed(each.value)}
        /><span>${say(each.key)}</span></label
      >`,
    )}
  </fieldset>`;
}

/** The button that acts; while it cannot, the sentence above it says why, and `said` what came of the last tap. */
export function act(
  label: unknown,
  tapped: () => void,
  { why, isBusy, isDanger = false, said = "" }: { why: Key | null; isBusy: boolean; isDanger?: boolean; said?: string },
): TemplateResult {
  return html`${said ? html`<p class="notice" role="alert">${said}</p>` : nothing} ${why ? html`<p class="why" id="why">${say(why)}</p>` : nothing}
    <button
      class="primary ${isDanger ? "danger" : ""}"
      aria-describedby=${why ? "why" : nothing}
      ?disabled=${isBusy || why !== null}
      @click=${tapped}
    >
      ${isBusy ? say("pin.working") : label}
    </button>`;
}

/** One of several reasons; what cannot be left open begins with none. */
export function choose<Code extends string>(
  key: Key,
  among: readonly NamedCode<Code>[],
  chosen: Code | "",
  changed: (code: Code) => void,
): TemplateResult {
  return html`<label class="box"
    ><span>${say(key)}</span>
    <select @change=${(event: Event) => changed((event.target as HTMLSelectElement).value as Code)}>
      ${chosen ? nothing : html`<option value="" selected>—</option>`}
      ${among.map((each) => html`<option value=${each.code} ?selected=${each.code === chosen}>${sayCode(each)}</option>`)}
    </select>
  </label>`;
}

/** In our own words where we have them: short enough for the screen; else as the office names it. */
function sayCode({ code, name }: NamedCode): string {
  const key = `reason.${code}`;
  return isKey(key) ? say(key) : sayName(name);
}
