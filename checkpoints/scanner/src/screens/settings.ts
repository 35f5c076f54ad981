// Settings: language, sound, sync, PIN, and leaving the phone to somebody else.

import { html, nothing, type TemplateResult } from "lit-html";
import { currentLanguage, type Language, LANGUAGES, say, sayName } from "../words/words";
import type { App } from "./app";
import { bar, notice, tick } from "./parts";

export function drawSettings(app: App): TemplateResult {
  const { phone } = app;
  const office = phone?.bundle?.office;
  return html`${bar(app, () => app.show("scan"))}
    <main class="page">
      <h1>${say("settings.title")}</h1>
      <p class="what">${app.enrolment?.username} · ${office ? `${office.code} ${sayName(office.name)}` : app.enrolment?.office}</p>
      <div class="languages" role="group" aria-label=${say("settings.language")}>
        ${(Object.keys(LANGUAGES) as Language[]).map(
          (each) => html`<button
            lang=${each}
            class="secondary ${each === currentLanguage() ? "chosen" : ""}"
            aria-pressed=${each === currentLanguage() ? "true" : "false"}
            @click=${() => void app.switchLanguage(each)}
          >
            ${LANGUAGES[each].language}
          </button>`,
        )}
      </div>
      ${tick("settings.sound", app.hasSound, () => void app.switchSound())}
      ${notice(app)}
      <button class="secondary" ?disabled=${phone?.isSending} @click=${() => void sync(app)}>${say("settings.sync")}</button>
      ${app.install
        ? html`<button class="secondary" @click=${app.install}>${say("settings.install")}</button>`
        : nothing}
      <button class="secondary" @click=${() => app.entry.changePin()}>${say("pin.change")}</button>
      <button class="secondary" @click=${() => app.lock()}>${say("settings.lock")}</button>
      <button class="secondary danger" @click=${() => void app.leave()}>
        ${say(app.armed === "leave" ? "settings.leave.sure" : "settings.leave")}
      </button>
      <p class="small">${say(app.isPersisted ? "settings.storage.yes" : "settings.storage.no")}</p>
      <p class="small">${say("settings.signature")}</p>
    </main>`;
}

async function sync(app: App): Promise<void> {
  const heard = await app.phone?.sync();
  const stop = app.phone?.bundle?.stop_list.entries.length ?? 0;
  if (heard) app.tell("settings.synced", { stop, carnets: app.phone!.carnets.size });
  else app.tell("queue.unheard");
}
