// The second tap: what the stamp will say, filled in already; the same button again makes it.

import { html, nothing, type TemplateResult } from "lit-html";
import { say } from "../words/words";
import type { App } from "./app";
import { missingIn, stampDeed } from "./forms";
import { bar, box, tick, verdictShape } from "./parts";

const PAGES = Array.from({ length: 20 }, (_, index) => index + 1);

export function drawConfirm(app: App): TemplateResult {
  const [look, form] = [app.look!, app.form!];
  const isStart = (form.page ?? 0) % 2 === 1;
  const areSealsKnown = (look.seals?.length ?? 0) > 0;
  const missing = missingIn(form);
  const change = (changes: Partial<typeof form>) => {
    Object.assign(form, changes);
    app.draw();
  };
  return html`${bar(app, () => app.show("see"))}
    <main class="page confirm">
      <h1 class="strip ${look.verdict}">
        ${verdictShape(look.verdict)}
        <span>${say(`stamp.${look.role}`)}<small>${look.number}${form.page ? ` · ${say("see.page", { page: form.page })}` : ""}</small></span>
      </h1>
      ${look.page === null ? pageChoice(form.page, (page) => change({ page })) : nothing}
      ${areSealsKnown
        ? html`<p class="seals">
            ${look.seals!.map((seal) => html`<span class="seal ${app.badSeals.has(seal) ? "bad" : ""}">${app.badSeals.has(seal) ? "✖" : "✔"} ${seal}</span>`)}
          </p>`
        : isStart && look.page === 1
          ? box("form.affixed", form.affixed, (affixed) => change({ affixed }), { hint: say("form.seals.hint") })
          : box("form.found", form.found, (found) => change({ found }), { hint: say("form.seals.hint") })}
      ${app.badSeals.size > 0
        ? box("form.affixed", form.affixed, (affixed) => change({ affixed }), { hint: say("form.seals.hint") })
        : nothing}
      <div class="pair">
        ${box("form.packages", form.packages, (packages) => change({ packages }), {
          mode: "numeric",
          wrong: missing === "packages",
        })}
        ${isStart
          ? box("form.limit", form.timeLimit, (timeLimit) => change({ timeLimit }), { type: "date", mode: "none" })
          : nothing}
      </div>
      ${form.withReservation
        ? html`<label class="box"
            ><span>${say("form.reservation")}</span
            ><textarea
              rows="2"
              .value=${form.reservation}
              @input=${(event: InputEvent) => change({ reservation: (event.target as HTMLTextAreaElement).value })}
            ></textarea>
          </label>`
        : nothing}
      ${isStart
        ? nothing
        : html`${tick("form.partial", form.isPartial, () => change({ isPartial: !form.isPartial }))}
          ${tick("form.suspension", form.isSuspension, () => change({ isSuspension: !form.isSuspension }))}`}
    </main>
    <footer class="do">
      <button class="primary" ?disabled=${app.isBusy || missing !== null} @click=${() => confirm(app)}>
        ✔ ${say("confirm.stamp")}
      </button>
      <button class="secondary" @click=${() => app.show("see")}>${say("form.back")}</button>
    </footer>`;
}

function pageChoice(chosen: number | null, choose: (page: number | null) => void): TemplateResult {
  const changed = (event: Event) => choose(Number((event.target as HTMLSelectElement).value) || null);
  return html`<label class="box"
    ><span>${say("scan.page")}</span>
    <select @change=${changed}>
      <option value="">—</option>
      ${PAGES.map((page) => html`<option value=${page} ?selected=${page === chosen}>${page}</option>`)}
    </select>
  </label>`;
}

function confirm(app: App): void {
  if (!app.isArmed || missingIn(app.form!)) return;
  performance.mark("stamp-confirmed");
  void app.do(stampDeed(app.look!, app.form!, app.badSeals, Date.now()), app.look!.role);
}
