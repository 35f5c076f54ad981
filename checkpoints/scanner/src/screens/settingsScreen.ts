// Settings: language, sound, sync, PIN, and leaving the phone to somebody else.

import { html, nothing, type TemplateResult } from "lit-html";
import { type Send, showing } from "../actions/action";
import { changePin } from "../actions/entry";
import { leave, lock } from "../actions/opening";
import { switchLanguage, switchSound, syncNow } from "../actions/settings";
import type { State } from "../state";
import { currentLanguage, type Language, LANGUAGES, say, sayName } from "../words/words";
import { bar, notice, risk, tick } from "./widgets";

export function drawSettings(state: State, send: Send): TemplateResult {
  const { phone, enrolment, install } = state;
  const office = phone?.bundle?.office;
  return html`${bar(state, send, showing("scan"))}
    <main class="page">
      <h1>${say("settings.title")}</h1>
      <p class="what">${enrolment?.username} · ${office ? `${office.code} ${sayName(office.name)}` : enrolment?.office}</p>
      ${risk(state)} ${state.keeping.isInstalled ? nothing : html`<p class="small">${say("keep.install")}</p>`}
      <div class="languages" role="group" aria-label=${say("settings.language")}>
        ${(Object.keys(LANGUAGES) as Language[]).map(
          (each) => html`<button
            lang=${each}
            class="secondary ${each === currentLanguage() ? "chosen" : ""}"
            aria-pressed=${each === currentLanguage() ? "true" : "false"}
            @click=${() => send(switchLanguage(each))}
          >
            ${LANGUAGES[each]}
          </button>`,
        )}
      </div>
      ${tick("settings.sound", state.hasSound, () => send(switchSound))}
      ${notice(state)}
      <button class="secondary" ?disabled=${phone?.isSending} @click=${() => send(syncNow)}>${say(phone?.isSending ? "queue.sending" : "settings.sync")}</button>
      ${install
        ? html`<button class="secondary" @click=${install}>${say("settings.install")}</button>`
        : nothing}
      <button class="secondary" @click=${() => send(changePin)}>${say("pin.change")}</button>
      <button class="secondary" @click=${() => send(lock)}>${say("settings.lock")}</button>
      <button class="secondary danger" @click=${() => send(leave)}>
        ${say(state.armed === "leave" ? "settings.leave.sure" : "settings.leave")}
      </button>
      ${state.keeping.isPersisted ? html`<p class="small">${say("settings.storage.yes")}</p>` : nothing}
      <p class="small">${say("settings.signature")}</p>
    </main>`;
}
