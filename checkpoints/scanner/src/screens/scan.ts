// Scanning: the camera, and the number field into which a handheld scanner types too.

import { html, nothing, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import { Camera } from "../camera/camera";
import { judgeTyping, parseNumber } from "../numbers";
import { say } from "../words/words";
import type { App } from "./app";
import { bar, glyph } from "./parts";

const PAGES = Array.from({ length: 20 }, (_, index) => index + 1);
const cameras = new WeakMap<App, (video?: Element) => void>();
let camera: Camera | null = null;

export function drawScan(app: App): TemplateResult {
  return html`${bar(app)}
    <main class="scan">
      <h1 class="unseen">${say("scan.title")}</h1>
      <div class="finder">
        ${app.hasCamera
          ? html`<video ${ref(watcher(app))} playsinline muted aria-label=${say("scan.hint")}></video>
              <span class="frame" aria-hidden="true"></span>
              <p>${say("scan.hint")}</p>`
          : html`<p class="nocamera">${say("scan.nocamera")}</p>`}
        ${app.torch === null
          ? nothing
          : html`<button class="torch ${app.torch ? "on" : ""}" aria-pressed=${app.torch} @click=${() => void shine(app)}>
              ${glyph("torch")} ${say("scan.torch")}
            </button>`}
      </div>
      ${numberForm(app)}
    </main>`;
}

function numberForm(app: App): TemplateResult {
  const state = app.typed === "" ? "typing" : isCode(app.typed) ? "right" : judgeTyping(app.typed);
  const message = app.notice || (state === "wrong" ? say("scan.wrong") : "");
  return html`<form class="number" @submit=${(event: SubmitEvent) => submit(app, event)}>
    <label class="box ${state}"
      ><span>${say("scan.number")}</span>
      <input
        id="number"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck="false"
        enterkeyhint="go"
        aria-invalid=${state === "wrong" ? "true" : "false"}
        .value=${app.typed}
        @input=${(event: InputEvent) => type(app, (event.target as HTMLInputElement).value)}
      />
    </label>
    <label class="box page"
      ><span>${say("scan.page")}</span>
      <select @change=${(event: Event) => choosePage(app, (event.target as HTMLSelectElement).value)}>
        <option value="" ?selected=${app.typedPage === null}>${say("scan.page.any")}</option>
        ${PAGES.map((page) => html`<option value=${page} ?selected=${app.typedPage === page}>${page}</option>`)}
      </select>
    </label>
    <p class="notice" role="status">${message}</p>
    <button class="primary" ?disabled=${state !== "right"}>${say("scan.look")}</button>
  </form>`;
}

/** A handheld scanner types the whole code, and may do so in small letters. */
function isCode(text: string): boolean {
  return /^TIR[0-9]{1,3}:/i.test(text);
}

function type(app: App, text: string): void {
  app.typed = text.toUpperCase();
  app.notice = "";
  app.draw();
}

function choosePage(app: App, value: string): void {
  app.typedPage = value === "" ? null : Number(value);
  app.draw();
}

function submit(app: App, event: SubmitEvent): void {
  event.preventDefault();
  if (isCode(app.typed)) return void app.sight.read(app.typed);
  const number = parseNumber(app.typed);
  if (number) app.sight.lookAtTyped(number);
}

/** Start the camera when its picture is on the screen, stop it when it is gone. */
function watcher(app: App): (video?: Element) => void {
  let watch = cameras.get(app);
  if (!watch) {
    watch = (video) => {
      camera?.stop();
      camera = null;
      if (video) void start(app, video as HTMLVideoElement);
    };
    cameras.set(app, watch);
  }
  return watch;
}

async function start(app: App, video: HTMLVideoElement): Promise<void> {
  const own = new Camera(video, (text) => void app.sight.seeCode(text));
  camera = own;
  try {
    await own.start();
    app.torch = own.hasTorch ? false : null;
  } catch {
    if (camera === own) app.hasCamera = false;
  }
  if (app.screen === "scan") app.draw();
}

async function shine(app: App): Promise<void> {
  app.torch = !app.torch;
  await camera?.shine(app.torch);
  app.draw();
}
