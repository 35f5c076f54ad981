// The screens of a hand-over: codes shown, codes read, what was read, and what became of it.

import { html, nothing, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import type { App, Send } from "../actions/action";
import { Camera } from "../camera/camera";
import { bar, notice } from "../screens/widgets";
import type { State } from "../state";
import { sayInstant } from "../words/words";
import type { Looking, Reading, Showing, Taken, Told } from "./handover";
import { player } from "./player";
import {
  beginReading, deedsOf, isFastest, isSlowest, leave, noCamera, officersOf, pause, see, showAnswer, speed, takeOver,
} from "./steps";
import { phrase } from "./words";

const NAMED = 8;

export function drawStep(state: State, send: Send): TemplateResult {
  const step = state.handover;
  if (!step) return html``;
  if (step.name === "show") return drawShowing(step, state, send);
  if (step.name === "read") return drawReading(step, state, send);
  if (step.name === "look") return drawLooking(step, state, send);
  return step.name === "taken" ? drawTaken(step, state, send) : drawHeard(step, state, send);
}

// --- showing

function drawShowing(step: Showing, state: State, send: Send): TemplateResult {
  const { chain, index, perSecond } = step;
  return html`${bar(state, send, leave)}
    <main class="page codes" tabindex="0">
      <h1>${phrase(step.isAnswer ? "show.title.answer" : "show.title")}</h1>
      <div class="code"><canvas ${ref(player(send))} role="img" aria-label=${phrase("show.title")} data-frame=${index} data-parts=${chain.count} data-bytes=${chain.total}></canvas></div>
      <p class="small">${phrase("show.frame", { transfer: chain.name, frame: index + 1, count: chain.count })} · ${phrase("show.speed", { n: perSecond })}</p>
      <p><b>${phrase(step.says.key, step.says.facts)}</b></p>
      ${step.leavesOut.map(({ key, facts }) => html`<p class="notice">${phrase(key, facts)}</p>`)}
      <p class="small">${phrase("show.hint")}</p>
    </main>
    <footer class="do codes">
      <p class="files">
        <button class="secondary" ?disabled=${isSlowest(step)} @click=${() => send(speed(-1))}>${phrase("show.slower")}</button>
        <button class="secondary" @click=${() => send(pause)}>${phrase(step.isPaused ? "show.goon" : "show.pause")}</button>
        <button class="secondary" ?disabled=${isFastest(step)} @click=${() => send(speed(1))}>${phrase("show.faster")}</button>
      </p>
      ${step.isAnswer
        ? html`<button class="primary" @click=${() => send(leave)}>${phrase("taken.list")}</button>`
        : html`<button class="primary" @click=${() => send(beginReading)}>${phrase("show.read")}</button>`}
    </footer>`;
}

// --- reading

function drawReading(step: Reading, state: State, send: Send): TemplateResult {
  return html`${bar(state, send, leave)}
    <main class="scan reading">
      <h1 class="unseen">${phrase("read.title")}</h1>
      <div class="finder">
        ${step.hasCamera
          ? html`<video ${ref(watching(send))} playsinline muted aria-label=${phrase("read.hint")}></video>
              <span class="frame" aria-hidden="true"></span>
              <p>${phrase("read.hint")}</p>`
          : html`<p class="nocamera">${phrase("read.nocamera")}</p>`}
      </div>
      <section class="progress">${progress(step)}
        <p class="notice" role="status">${step.note ? phrase(step.note, { transfer: step.reader.name }) : nothing}</p></section>
    </main>`;
}

function progress({ reader, isWhole }: Reading): TemplateResult {
  const { count, held, missing, name } = reader;
  if (count === 0) return html`<p class="what">${phrase("read.begin")}</p>`;
  return html`<p class="what">${phrase("read.progress", { transfer: name, held, count })}</p>
    <progress max=${count} value=${held} aria-label=${phrase("read.progress", { transfer: name, held, count })}></progress>
    <p class="small">${isWhole ? phrase("read.checking") : sayMissing(missing)}</p>`;
}

function sayMissing(missing: number[]): string {
  const named = missing.slice(0, NAMED).map((part) => part + 1).join(", ");
  if (missing.length <= NAMED) return phrase("read.missing", { missing: named });
  return phrase("read.missing.more", { missing: named, n: missing.length - NAMED });
}

const watchers = new WeakMap<Send, (video?: Element) => void>();
let camera: Camera | null = null;

/** Reads while the camera's picture is on the screen. */
function watching(send: Send): (video?: Element) => void {
  let watch = watchers.get(send);
  if (!watch) {
    watch = (video) => {
      camera?.stop();
      camera = null;
      // Not now: it is called in the middle of drawing.
      if (video) queueMicrotask(() => send((app) => start(app, send, video as HTMLVideoElement)));
    };
    watchers.set(send, watch);
  }
  return watch;
}

async function start(app: App, send: Send, video: HTMLVideoElement): Promise<void> {
  const own = new Camera(video, (text) => send(see(text)));
  camera = own;
  try {
    await own.start();
  } catch {
    if (camera === own) await noCamera(app);
  }
}

// --- what was read

function drawLooking(step: Looking, state: State, send: Send): TemplateResult {
  const { document, fresh, isOfThisOffice } = step;
  const deeds = deedsOf(document);
  const count = (kind: string) => deeds.filter((deed) => deed.kind === kind).length;
  const [refusals, reports] = [count("refusal"), count("incident")];
  const oldest = Math.min(...deeds.map(({ body }) => Date.parse(body.occurred_at)));
  return html`${bar(state, send, leave)}
    <main class="page look" data-transfer=${step.transfer}>
      <h1>${phrase("look.title")}</h1>
      <dl>
        <dt>${phrase("look.officer")}</dt><dd>${officersOf(document).join(", ")}</dd>
        <dt>${phrase("look.office")}</dt><dd>${document.office}</dd>
        <dt>${phrase("look.stamps")}</dt><dd>${count("stamp")}</dd>
        <dt>${phrase("look.refusals")}</dt><dd>${refusals}</dd>
        <dt>${phrase("look.reports")}</dt><dd>${reports}</dd>
        <dt>${phrase("look.oldest")}</dt><dd>${sayInstant(oldest)}</dd>
        <dt>${phrase("look.fresh")}</dt><dd>${fresh}</dd>
      </dl>
      ${isOfThisOffice ? html`<p>${phrase("look.stands")}</p>` : html`<p class="notice">${phrase("look.elsewhere", { office: document.office })}</p>`}
      ${isOfThisOffice && fresh === 0 ? html`<p class="what">${phrase("look.known")}</p>` : nothing}
      ${notice(state)}
    </main>
    <footer class="do">
      ${isOfThisOffice && fresh > 0
        ? html`<button class="primary" ?disabled=${state.isBusy} @click=${() => send(takeOver)}>${phrase("look.take", { n: fresh })}</button>`
        : nothing}
      <button class="secondary" @click=${() => send(leave)}>${phrase("look.leave")}</button>
    </footer>`;
}

function drawTaken({ fresh, officers }: Taken, state: State, send: Send): TemplateResult {
  return html`${bar(state, send, leave)}
    <main class="page taken">
      <h1>${phrase("taken.title", { n: fresh })}</h1>
      <p>${phrase("taken.what", { officers })}</p>
      <p>${phrase("taken.then")}</p>
      ${notice(state)}
    </main>
    <footer class="do">
      <button class="primary" @click=${() => send(showAnswer)}>${phrase("taken.answer")}</button>
      <button class="secondary" @click=${() => send(leave)}>${phrase("taken.list")}</button>
    </footer>`;
}

function drawHeard({ officer, heard }: Told, state: State, send: Send): TemplateResult {
  const { recorded, decide, waiting, strange } = heard;
  const isAll = recorded > 0 && decide + waiting === 0;
  return html`${bar(state, send, leave)}
    <main class="page heard">
      <h1>${phrase("heard.title", { officer })}</h1>
      <dl>
        <dt>${phrase("heard.recorded")}</dt><dd>${recorded}</dd>
        <dt>${phrase("heard.decide")}</dt><dd>${decide}</dd>
        <dt>${phrase("heard.waiting")}</dt><dd>${waiting}</dd>
        ${strange > 0 ? html`<dt>${phrase("heard.strange")}</dt><dd>${strange}</dd>` : nothing}
      </dl>
      <p>${isAll ? phrase("heard.all") : waiting + decide > 0 ? phrase("heard.keep") : nothing}</p>
    </main>
    <footer class="do">
      <button class="primary" @click=${() => send(leave)}>${phrase("taken.list")}</button>
    </footer>`;
}
