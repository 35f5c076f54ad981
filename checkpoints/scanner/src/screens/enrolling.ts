// Signing in, choosing a PIN, unlocking.

import { html, nothing, type TemplateResult } from "lit-html";
import { say } from "../words/words";
import type { App } from "./app";
import { bar, notice } from "./parts";

export function drawSignIn(app: App): TemplateResult {
  const isAgain = app.phone !== null;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => (given.get(name) as string | null) ?? "";
    void app.entry.signIn(text("username").trim(), text("password"), text("lane").trim());
  };
  return html`${bar(app)}
    <main class="page">
      <h1>${say(isAgain ? "signin.again" : "signin.title")}</h1>
      ${isAgain ? html`<p>${say("signin.again.why")}</p>` : nothing}
      <form class="stack" @submit=${submit}>
        <label class="box"
          ><span>${say("signin.username")}</span
          ><input name="username" autocomplete="username" autocapitalize="none" required
            .value=${app.enrolment?.username ?? ""}
        /></label>
        <label class="box"
          ><span>${say("signin.password")}</span
          ><input name="password" type="password" autocomplete="current-password" required
        /></label>
        ${isAgain
          ? nothing
          : html`<label class="box"><span>${say("signin.lane")}</span><input name="lane" maxlength="20" /></label>`}
        ${notice(app)}
        <button class="primary" ?disabled=${app.isBusy}>${say(app.isBusy ? "pin.working" : "signin.go")}</button>
      </form>
    </main>`;
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
const TITLES = { lock: "pin.enter", "pin-choose": "pin.choose", "pin-repeat": "pin.repeat" } as const;

export function drawPin(app: App): TemplateResult {
  const digit = (each: string) => html`<button ?disabled=${app.isBusy} @click=${() => app.entry.press(each)}>${each}</button>`;
  return html`${bar(app)}
    <main class="page pin">
      <h1>${say(TITLES[app.screen as keyof typeof TITLES])}</h1>
      ${app.screen === "lock" ? html`<p class="who">${app.enrolment?.username} · ${app.enrolment?.office}</p>` : nothing}
      <p class="dots" role="img" aria-label="${app.entry.pin.length} / 6">
        ${[0, 1, 2, 3, 4, 5].map((at) => html`<i class=${at < app.entry.pin.length ? "on" : ""}></i>`)}
      </p>
      <p class="notice" role="status">${app.isBusy ? say("pin.working") : app.notice}</p>
      <div class="keys">
        ${DIGITS.map(digit)}
        ${app.screen === "lock"
          ? html`<button class="small" @click=${() => app.show("forgotten")}>${say("pin.forgotten")}</button>`
          : html`<span></span>`}
        ${digit("0")}
        <button aria-label=${say("pin.delete")} ?disabled=${app.isBusy} @click=${() => app.entry.unpress()}>⌫</button>
      </div>
    </main>`;
}

export function drawForgotten(app: App): TemplateResult {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void app.entry.forgetPin(new FormData(event.target as HTMLFormElement).get("password") as string);
  };
  return html`${bar(app, () => app.show("lock"))}
    <main class="page">
      <h1>${say("pin.forgotten")}</h1>
      <p>${say("pin.forgotten.why")}</p>
      <form class="stack" @submit=${submit}>
        <label class="box"
          ><span>${say("signin.password")}</span
          ><input name="password" type="password" autocomplete="current-password" required
        /></label>
        ${notice(app)}
        <button class="primary" ?disabled=${app.isBusy}>${say("pin.choose")}</button>
      </form>
    </main>`;
}
