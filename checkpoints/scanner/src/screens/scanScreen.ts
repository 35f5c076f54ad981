// Scanning: the camera, and the number field into which a handheld scanner types too.

import { html, nothing, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import type { App, Send } from "../actions/action";
import { changeLorry } from "../actions/action";
import { readCode, readNumber, seeCode } from "../actions/scanController";
import { Camera } from "../camera/camera";
import { judgeTyping, parseNumber } from "../numbers";
import type { State } from "../state";
import { say } from "../words/words";
import { bar, glyph, riskLine } from "./widgets";

const PAGES = Array.from({ length: 20 }, (_, index) => index + 1);
const watchers = new WeakMap<Send, (video?: Element) => void>();
let camera: Camera | null = null;

export function drawScan(state: State, send: Send): TemplateResult {
  return html`${bar(state, send)} ${riskLine(state, send)}
    <main class="scan">
      <h1 class="unseen">${say("scan.title")}</h1>
      <div class="finder">
        ${state.hasCamera
          ? html`<video ${ref(watcher(send))} playsinline muted aria-label=${say("scan.hint")}></video>
              <span class="frame" aria-hidden="true"></span>
              <p>${say("scan.hint")}</p>`
          : html`<p class="nocamera">${say("scan.nocamera")}</p>`}
        ${state.torch === null
          ? nothing
          : html`<button class="torch ${state.torch ? "on" : ""}" aria-pressed=${state.torch} @click=${() => send(shine)}>
              ${glyph("torch")} ${say("scan.torch")}
            </button>`}
      </div>
      ${numberForm(state, send)}
    </main>`;
}

function numberForm(state: State, send: Send): TemplateResult {
  const { typed, typedPage } = state.lorry;
  const form = typed === "" ? "typing" : isCode(typed) ? "right" : judgeTyping(typed);
  const message = state.notice || (form === "wrong" ? say("scan.wrong") : "");
  const why = form === "typing" && message === "" ? say("scan.incomplete") : message;
  return html`<form class="number" @submit=${(event: SubmitEvent) => submit(event, typed, send)}>
    <label class="box ${form}"
      ><span>${say("scan.number")}</span>
      <input
        id="number"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck="false"
        enterkeyhint="go"
        aria-invalid=${form === "wrong" ? "true" : "false"}
        .value=${typed}
        @input=${(event: InputEvent) => type(send, (event.target as HTMLInputElement).value)}
      />
    </label>
    <label class="box"
      ><span>${say("scan.page")}</span>
      <select @change=${(event: Event) => choosePage(send, (event.target as HTMLSelectElement).value)}>
        <option value="" ?selected=${typedPage === null}>${say("scan.page.any")}</option>
        ${PAGES.map((page) => html`<option value=${page} ?selected=${typedPage === page}>${page}</option>`)}
      </select>
    </label>
    <p class="notice ${message === "" ? "why" : ""}" id="why" role="status">${why}</p>
    <button class="primary" aria-describedby="why" ?disabled=${form !== "right"}>${say("scan.look")}</button>
  </form>`;
}

/** A handheld scanner types the whole code, and may do so in small letters. */
function isCode(text: string): boolean {
  return /^TIR[0-9]{1,3}:/i.test(text);
}

function type(send: Send, text: string): void {
  send((app) => {
    changeLorry(app, { typed: text.toUpperCase() });
    app.state.notice = "";
  });
}

function choosePage(send: Send, value: string): void {
  send((app) => changeLorry(app, { typedPage: value === "" ? null : Number(value) }));
}

function submit(event: SubmitEvent, typed: string, send: Send): void {
  event.preventDefault();
  if (isCode(typed)) return send(readCode(typed));
  const number = parseNumber(typed);
  if (number) send(readNumber(number));
}

/** Start the camera when its picture is on the screen, stop it when it is gone. */
function watcher(send: Send): (video?: Element) => void {
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

async function start({ state }: App, send: Send, video: HTMLVideoElement): Promise<void> {
  const own = new Camera(video, (text) => send(seeCode(text)));
  camera = own;
  try {
    await own.start();
    state.torch = own.hasTorch ? false : null;
  } catch {
    if (camera === own) state.hasCamera = false;
  }
}

async function shine({ state }: App): Promise<void> {
  state.torch = !state.torch;
  await camera?.shine(state.torch);
}
