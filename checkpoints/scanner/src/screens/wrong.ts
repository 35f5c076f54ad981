// Something is wrong: a stamp with a reservation, a certified report with photos, or a refusal to start.

import { html, nothing, type TemplateResult } from "lit-html";
import { recompress } from "../camera/photo";
import type { Reason } from "../store/drawer";
import { isKey, type Key, say, sayName } from "../words/words";
import type { App } from "./app";
import { refusalDeed, reportDeed } from "./forms";
import { bar, box, notice, text } from "./parts";
import { beginReport } from "./see";

const MOST_PHOTOS = 6;
export function drawWrong(app: App): TemplateResult {
  const look = app.look!;
  const choice = (key: "reservation" | "report" | "refusal", chosen: () => void) =>
    html`<button class="choice" @click=${chosen}><b>${say(`wrong.${key}`)}</b><span>${say(`wrong.${key}.hint`)}</span></button>`;
  const isStoppable = (look.page ?? 0) % 2 === 1;
  const isKnown = look.number !== "";
  return html`${bar(app, () => app.show("see"))}
    <main class="page">
      <h1>${say("wrong.title")}</h1>
      <p class="what">${look.number}${look.page ? ` · ${say("see.page", { page: look.page })}` : ""}</p>
      ${look.verdict !== "stop" && isKnown ? choice("reservation", () => app.beginStamp(true)) : nothing}
      ${isKnown ? choice("report", () => beginReport(app)) : nothing}
      ${isStoppable && isKnown ? choice("refusal", () => app.show("refusal")) : nothing}
    </main>
    <footer class="do">
      <button class="secondary" @click=${() => app.show("see")}>${say("form.back")}</button>
    </footer>`;
}

export function drawReport(app: App): TemplateResult {
  const { report, look } = app;
  const change = (changes: Partial<typeof report>) => {
    Object.assign(report, changes);
    app.draw();
  };
  return html`${bar(app, () => app.show("see"))}
    <main class="page">
      <h1>${say("wrong.report")}</h1>
      ${choose("wrong.reason", app.phone?.bundle?.reasons.incident ?? [], report.kind, (kind) => change({ kind }))}
      ${look?.seals?.length ? brokenSeals(app, look.seals) : nothing}
      ${text("wrong.text", report.text, (value) => change({ text: value }))}
      ${box("form.affixed", report.affixed, (affixed) => change({ affixed }), { hint: say("form.seals.hint") })}
      ${report.kind === "vehicle_change" || report.kind === "transhipment"
        ? box("wrong.vehicles", report.vehicles, (vehicles) => change({ vehicles }))
        : nothing}
      ${photos(app)} ${notice(app)}
    </main>
    <footer class="do">
      <button class="primary" ?disabled=${app.isBusy || !report.text.trim()} @click=${() => signReport(app)}>
        ${say("wrong.send.report")}
      </button>
      <button class="secondary" @click=${() => app.show("see")}>${say("form.back")}</button>
    </footer>`;
}

function signReport(app: App): void {
  if (!app.isArmed) return;
  for (const seal of app.report.broken) app.badSeals.add(seal);
  void app.do(reportDeed(app.look!, app.report, Date.now()), app.look!.role);
}

export function drawRefusal(app: App): TemplateResult {
  const { report } = app;
  const change = (changes: Partial<typeof report>) => {
    Object.assign(report, changes);
    app.draw();
  };
  const refuse = () => app.isArmed && void app.do(refusalDeed(app.look!, report, Date.now()), app.look!.role);
  return html`${bar(app, () => app.show("see"))}
    <main class="page">
      <h1>${say("wrong.refusal")}</h1>
      ${choose("wrong.reason", app.phone?.bundle?.reasons.refusal ?? [], report.reason, (reason) => change({ reason }))}
      ${text("wrong.text", report.text, (value) => change({ text: value }))}
    </main>
    <footer class="do">
      <button class="primary" ?disabled=${app.isBusy || !report.text.trim() || !report.reason} @click=${refuse}>
        ${say("wrong.send.refusal")}
      </button>
      <button class="secondary" @click=${() => app.show("see")}>${say("form.back")}</button>
    </footer>`;
}

function choose(key: Key, among: Reason[], chosen: string, changed: (code: string) => void): TemplateResult {
  return html`<label class="box"
    ><span>${say(key)}</span>
    <select @change=${(event: Event) => changed((event.target as HTMLSelectElement).value)}>
      ${chosen ? nothing : html`<option value="" selected>—</option>`}
      ${among.map((each) => html`<option value=${each.code} ?selected=${each.code === chosen}>${sayReason(each)}</option>`)}
    </select>
  </label>`;
}

/** In our own words where we have them: short enough for the screen; else as the office names it. */
function sayReason({ code, name }: Reason): string {
  const key = `reason.${code}`;
  return isKey(key) ? say(key) : sayName(name);
}

function brokenSeals(app: App, seals: string[]): TemplateResult {
  const { broken } = app.report;
  const toggle = (seal: string) => {
    if (!broken.delete(seal)) broken.add(seal);
    app.draw();
  };
  return html`<fieldset class="seals">
    <legend>${say("wrong.broken")}</legend>
    ${seals.map(
      (seal) => html`<button
        class="seal ${broken.has(seal) ? "bad" : ""}"
        aria-pressed=${broken.has(seal) ? "true" : "false"}
        @click=${() => toggle(seal)}
      >
        ${broken.has(seal) ? "✖" : ""} ${seal}
      </button>`,
    )}
  </fieldset>`;
}

function photos(app: App): TemplateResult {
  const { photos: taken } = app.report;
  return html`<div class="photos" role="group" aria-label=${say("wrong.photos")}>
    ${taken.map(
      (photo, index) => html`<button
        class="photo"
        aria-label=${say("wrong.photo.remove", { n: index + 1 })}
        @click=${() => {
          taken.splice(index, 1);
          app.draw();
        }}
      >
        <img alt="" src="data:image/jpeg;base64,${photo.data}" /><i>✖</i>
      </button>`,
    )}
    ${taken.length < MOST_PHOTOS
      ? html`<label class="photo add"
          >${say("wrong.photo.add")}<input
            type="file"
            accept="image/*"
            capture="environment"
            multiple
            @change=${(event: Event) => void take(app, event.target as HTMLInputElement)}
        /></label>`
      : nothing}
  </div>`;
}

async function take(app: App, input: HTMLInputElement): Promise<void> {
  const files = [...(input.files ?? [])].slice(0, MOST_PHOTOS - app.report.photos.length);
  input.value = "";
  await app.busy(async () => {
    for (const file of files) app.report.photos.push(await recompress(file));
  });
}
