// A certified report (art. 25): what was found broken, what was affixed instead, new plates, photos.

import { html, nothing, type TemplateResult } from "lit-html";
import { deliberate, type Send, showing } from "../actions/action";
import { changeReport, signReport, takePhotos } from "../actions/carnet";
import { missingInReport, type ReportForm, toggled } from "../forms";
import { type IncidentKind, LIMITS } from "../judging/generated";
import type { State } from "../state";
import { say } from "../words/words";
import { act, bar, choose, list, notice, text } from "./widgets";

type Change = (changes: Partial<ReportForm>) => void;
const WITH_PLATES: ReadonlySet<IncidentKind> = new Set<IncidentKind>(["vehicle_change", "transhipment"]);

export function drawReport(state: State, send: Send): TemplateResult {
  const { report, screenful } = state.lorry;
  const change: Change = (changes) => send(changeReport(changes));
  return html`${bar(state, send, showing("carnet"))}
    <main class="page">
      <h1>${say("wrong.report")}</h1>
      ${choose("wrong.reason", state.phone?.bundle?.reasons.incident ?? [], report.kind, (kind) => change({ kind }))}
      ${screenful?.seals?.length ? brokenSeals(screenful.seals, report, change) : nothing}
      ${text("wrong.text", report.text, LIMITS.report, (value) => change({ text: value }))}
      ${list("form.affixed", report.affixed, (affixed) => change({ affixed }))}
      ${WITH_PLATES.has(report.kind)
        ? list("wrong.vehicles", report.vehicles, (vehicles) => change({ vehicles }))
        : nothing}
      ${photos(report, change, send)} ${notice(state)}
    </main>
    <footer class="do">
      ${act(say("wrong.send.report"), () => send(deliberate(signReport)), {
        why: missingInReport(report),
        isBusy: state.isBusy,
      })}
      <button class="secondary" @click=${() => send(showing("carnet"))}>${say("form.back")}</button>
    </footer>`;
}

function brokenSeals(seals: string[], { broken }: ReportForm, change: Change): TemplateResult {
  return html`<fieldset class="seals">
    <legend>${say("wrong.broken")}</legend>
    ${seals.map(
      (seal) => html`<button
        class="seal ${broken.has(seal) ? "bad" : ""}"
        aria-pressed=${broken.has(seal) ? "true" : "false"}
        @click=${() => change({ broken: toggled(broken, seal) })}
      >
        ${broken.has(seal) ? "✖" : ""} ${seal}
      </button>`,
    )}
  </fieldset>`;
}

function photos({ photos: taken }: ReportForm, change: Change, send: Send): TemplateResult {
  return html`<div class="photos" role="group" aria-label=${say("wrong.photos")}>
    ${taken.map(
      (photo, index) => html`<button
        class="photo"
        aria-label=${say("wrong.photo.remove", { n: index + 1 })}
        @click=${() => change({ photos: taken.filter((_, other) => other !== index) })}
      >
        <img alt="" src="data:image/jpeg;base64,${photo.data}" /><i>✖</i>
      </button>`,
    )}
    ${taken.length < LIMITS.photos
      ? html`<label class="photo add"
          >${say("wrong.photo.add")}<input
            type="file"
            accept="image/*"
            capture="environment"
            multiple
            @change=${(event: Event) => take(event.target as HTMLInputElement, send)}
        /></label>`
      : nothing}
  </div>`;
}

function take(input: HTMLInputElement, send: Send): void {
  const files = [...(input.files ?? [])];
  input.value = "";
  send(takePhotos(files));
}
