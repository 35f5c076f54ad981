// What stands on the desk's page, a step at a time.

import { html, nothing, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import { NotNow, type Trouble } from "../api";
import type { Item } from "../queue/items";
import { sayInstant } from "../words/words";
import { type Desk, deedsOf, SPEEDS, type Step } from "./desk";
import { playing } from "./playing";
import { watching } from "./watching";
import { type DeskPhrase, phrase } from "./words";

const NAMED = 8;
const QUARTERS = 4;

type At<Name extends Step["name"]> = Extract<Step, { name: Name }>;

export function draw(desk: Desk): TemplateResult {
  const { step } = desk;
  return html`${step.name === "read" ? drawReading(desk, step) : nothing}
    ${step.name === "look" ? drawLooking(desk, step) : nothing}
    ${step.name === "send" ? drawSending(desk) : nothing}
    ${step.name === "done" ? drawOutcomes(desk, step) : nothing}
    ${step.name === "show" ? drawReceipts(desk, step) : nothing}
    <p class="visually-hidden" role="status">${aloud(desk)}</p>`;
}

/** What a screen reader says by itself: quarters, not each of five codes a second. */
function aloud(desk: Desk): string {
  const { step } = desk;
  if (step.name === "send") return progress(desk);
  if (step.name !== "read" || step.reader.count === 0) return "";
  const { held, count } = step.reader;
  if (step.isWhole) return phrase("read.checking");
  const quarter = Math.floor((QUARTERS * held) / count);
  return phrase("desk.quarter", { held: Math.ceil((quarter * count) / QUARTERS), count });
}

function note({ note: said }: Desk): TemplateResult {
  return html`<div role="alert">${said ? html`<p class="alert alert-warning">${phrase(said.key, said.facts)}</p>` : nothing}</div>`;
}

function heading(key: DeskPhrase, name: string): TemplateResult {
  return html`<h2 class="h5" id="desk-${name}" tabindex="-1">${phrase(key)}</h2>`;
}

// --- reading

function drawReading(desk: Desk, step: At<"read">): TemplateResult {
  return html`${note(desk)}
    <div class="desk-ways">
      <section class="card desk-way" aria-labelledby="desk-camera">
        ${heading("desk.camera", "camera")}
        <p>${phrase("desk.how")}</p>
        ${step.camera === "on" ? drawPicture(desk, step) : nothing}
        ${step.camera === "none" ? html`<p class="alert alert-warning" role="status">${phrase("desk.nocamera")}</p>` : nothing}
        <p><button class=${step.camera === "on" ? "btn btn-outline-secondary" : "btn btn-primary btn-lg"} @click=${() => desk.setCamera(step.camera === "on" ? "off" : "on")}>
          ${phrase(step.camera === "on" ? "desk.stop" : "desk.start")}</button></p>
      </section>
      <section class="card desk-way" aria-labelledby="desk-files">
        ${heading("desk.files", "files")}
        <p>${phrase("desk.howfiles")}</p>
        <label class="form-label" for="desk-chosen">${phrase("desk.choose")}</label>
        <input class="form-control" id="desk-chosen" type="file" accept=".json,application/json" multiple @change=${(event: Event) => void desk.take(chosen(event))} />
      </section>
    </div>`;
}

/** The same file chosen once more is a change too. */
function chosen({ target }: Event): File[] {
  const input = target as HTMLInputElement;
  const files = [...(input.files ?? [])];
  input.value = "";
  return files;
}

function drawPicture(desk: Desk, step: At<"read">): TemplateResult {
  const { count, held, missing, name } = step.reader;
  const said = phrase("read.progress", { transfer: name, held, count });
  return html`<video class="desk-picture" ${ref(watching(desk))} playsinline muted aria-label=${phrase("desk.picture")}></video>
    ${count === 0
      ? html`<p>${phrase("read.begin")}</p>`
      : html`<p class="desk-read"><b>${said}</b></p>
          <progress class="desk-bar" max=${count} value=${held} aria-label=${said}></progress>
          <p class="text-body-secondary">${step.isWhole ? phrase("read.checking") : sayMissing(missing)}</p>`}`;
}

function sayMissing(missing: number[]): string {
  const named = missing.slice(0, NAMED).map((part) => part + 1).join(", ");
  if (missing.length <= NAMED) return phrase("read.missing", { missing: named });
  return phrase("read.missing.more", { missing: named, n: missing.length - NAMED });
}

// --- what was read

function drawLooking(desk: Desk, { document }: At<"look">): TemplateResult {
  const deeds = deedsOf(document);
  const fact = (key: DeskPhrase, value: unknown) => html`<div><dt>${phrase(key)}</dt><dd>${value}</dd></div>`;
  const count = (kind: string) => deeds.filter((deed) => deed.kind === kind).length;
  const oldest = Math.min(...deeds.map(({ body }) => Date.parse(body.occurred_at)));
  return html`<section class="narrow desk-look" aria-labelledby="desk-look">
    ${heading("look.heading", "look")}
    <dl class="facts">
      ${fact("look.officer", [...new Set(document.files.map(({ officer }) => officer))].join(", "))}
      ${fact("look.office", document.office)} ${fact("look.stamps", count("stamp"))} ${fact("look.refusals", count("refusal"))}
      ${fact("look.reports", count("incident"))} ${fact("look.oldest", sayInstant(oldest))}
    </dl>
    ${desk.isOfThisOffice
      ? html`<p>${phrase("look.under", { officer: desk.sitting.officer })}</p>`
      : html`<p class="alert alert-danger" role="alert">${phrase("look.elsewhere", { office: document.office })}</p>`}
    <p class="desk-do">
      ${desk.isOfThisOffice ? html`<button class="btn btn-primary btn-lg" @click=${() => void desk.handIn()}>${phrase("look.handin", { n: deeds.length })}</button>` : nothing}
      <button class="btn btn-outline-secondary btn-lg" @click=${() => desk.begin()}>${phrase("look.leave")}</button>
    </p>
  </section>`;
}

// --- sending, and what became of it

function progress({ items }: Desk): string {
  return phrase("send.progress", { done: items.filter(({ state }) => state !== "waiting").length, n: items.length });
}

function drawSending(desk: Desk): TemplateResult {
  const done = desk.items.filter(({ state }) => state !== "waiting").length;
  return html`<section class="narrow" aria-labelledby="desk-send">
    ${heading("send.heading", "send")}
    <p><b>${progress(desk)}</b></p>
    <progress class="desk-bar" max=${desk.items.length} value=${done} aria-label=${progress(desk)}></progress>
  </section>`;
}

type Became = "recorded" | "conflict" | "rejected" | "waiting";
const TONES: Record<Became, string> = { recorded: "go", conflict: "look", rejected: "stop", waiting: "unknown" };

function becameOf({ state, receipt }: Item): Became {
  if (state === "problem") return receipt ? "conflict" : "rejected";
  return state === "done" ? "recorded" : "waiting";
}

function drawOutcomes(desk: Desk, { sending }: At<"done">): TemplateResult {
  const became = desk.items.map(becameOf);
  const count = (...wanted: Became[]) => became.filter((each) => wanted.includes(each)).length;
  const facts = { recorded: count("recorded"), decide: count("conflict", "rejected"), waiting: count("waiting") };
  const trouble = sending === "sent" ? null : `out.${sending}`;
  return html`${note(desk)}
    <section class="desk-outcomes" aria-labelledby="desk-done">
      ${heading("out.heading", "done")}
      <p><b>${phrase("out.sum", facts)}</b></p>
      ${trouble ? html`<p class="alert alert-danger" role="alert">${whySaid(desk.trouble) || phrase(trouble as DeskPhrase)}</p>` : nothing}
      <p class="desk-do">
        ${facts.waiting > 0 ? html`<button class="btn btn-primary btn-lg" @click=${() => void desk.sendOn()}>${phrase("out.again")}</button>` : nothing}
        <button class=${facts.waiting > 0 ? "btn btn-outline-primary btn-lg" : "btn btn-primary btn-lg"} @click=${() => void desk.showAnswer()}>${phrase("out.show")}</button>
        <button class="btn btn-outline-secondary btn-lg" @click=${() => desk.begin()}>${phrase("out.next")}</button>
      </p>
      <div class="table-wrap"><table class="table rows">
        <caption class="visually-hidden">${phrase("out.heading")}</caption>
        <thead><tr>${(["out.item", "look.officer", "out.at", "out.became"] as const).map((key) => html`<th scope="col">${phrase(key)}</th>`)}</tr></thead>
        <tbody>${desk.items.map(drawOutcome)}</tbody>
      </table></div>
    </section>`;
}

/** The server's own sentence, when to try again, and what became of the items; blank where it has said nothing. */
function whySaid(trouble: Trouble | null): string {
  if (!(trouble instanceof NotNow) || !trouble.problem?.detail) return "";
  const again = trouble.until === null ? "" : `${phrase("out.again.at", { at: sayInstant(trouble.until) })} `;
  return `${trouble.problem.detail} ${again}${phrase("out.putoff")}`;
}

function drawOutcome(item: Item): TemplateResult {
  const { body, kind, maker, problem } = item;
  const became = becameOf(item);
  const what = phrase(`out.${kind}`, { page: "page" in body ? body.page : null });
  return html`<tr data-id=${body.id}>
    <td data-label=${phrase("out.item")}>${body.carnet} · ${what}</td>
    <td data-label=${phrase("look.officer")}>${maker?.officer ?? "–"}</td>
    <td data-label=${phrase("out.at")}>${sayInstant(body.occurred_at)}</td>
    <td data-label=${phrase("out.became")}><div><span class="status status-${TONES[became]}">${phrase(`out.${became}`)}</span>
      ${problem ? html`<p class="desk-why">${problem.detail ?? problem.code}</p>` : nothing}</div></td>
  </tr>`;
}

// --- the receipts

function drawReceipts(desk: Desk, step: At<"show">): TemplateResult {
  const { chain, index, perSecond, isPaused } = step;
  return html`<section class="desk-show" aria-labelledby="desk-show">
    ${heading("show.heading", "show")}
    <p>${phrase("show.how")}</p>
    <div class="code desk-code"><canvas ${ref(playing(desk))} role="img" aria-label=${phrase("show.heading")} data-frame=${index} data-parts=${chain.count} data-bytes=${chain.total}></canvas></div>
    <p class="text-body-secondary">${phrase("show.frame", { transfer: chain.name, frame: index + 1, count: chain.count })} · ${phrase("show.speed", { n: perSecond })}</p>
    <p class="desk-do">
      <button class="btn btn-outline-secondary" ?disabled=${perSecond === SPEEDS[0]} @click=${() => desk.speed(-1)}>${phrase("show.slower")}</button>
      <button class="btn btn-outline-secondary" @click=${() => desk.pause()}>${phrase(isPaused ? "show.goon" : "show.pause")}</button>
      <button class="btn btn-outline-secondary" ?disabled=${perSecond === SPEEDS.at(-1)} @click=${() => desk.speed(1)}>${phrase("show.faster")}</button>
    </p>
    <p class="desk-do">
      <button class="btn btn-primary btn-lg" @click=${() => desk.showOutcomes()}>${phrase("show.back")}</button>
      <button class="btn btn-outline-secondary btn-lg" @click=${() => desk.begin()}>${phrase("out.next")}</button>
    </p>
  </section>`;
}
