// Signing in, choosing a PIN, unlocking.

import { html, nothing, type TemplateResult } from "lit-html";
import { type Send, showing } from "../actions/action";
import { forgetPin, press, signIn, unpress } from "../actions/entry";
import type { State } from "../state";
import { say } from "../words/words";
import { bar, notice } from "./widgets";

export function drawSignIn(state: State, send: Send): TemplateResult {
  const isAgain = state.phone !== null;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => (given.get(name) as string | null) ?? "";
    send(signIn(text("username").trim(), text("password"), text("lane").trim(), text("code").trim()));
  };
  return html`${bar(state, send)}
    <main class="page">
      <h1>${say(isAgain ? "signin.again" : "signin.title")}</h1>
      ${isAgain ? html`<p>${say("signin.again.why")}</p>` : nothing}
      ${state.emptied
        ? html`<div class="risk" role="alert"><b>${say("emptied.title")}</b><p>${say("emptied.why")}</p></div>`
        : nothing}
      <form class="stack" @submit=${submit}>
        <label class="box"
          ><span>${say("signin.username")}</span
          ><input name="username" autocomplete="username" autocapitalize="none" required
            .value=${state.enrolment?.username ?? ""}
        /></label>
        <label class="box"
          ><span>${say("signin.password")}</span
          ><input name="password" type="password" autocomplete="current-password" required
        /></label>
        ${state.entry.asksCode
          ? html`<label class="box"
              ><span>${say("signin.code")}</span
              ><input name="code" autocomplete="one-time-code" autocapitalize="none" maxlength="40" required
            /></label>`
          : nothing}
        ${isAgain
          ? nothing
          : html`<label class="box"><span>${say("signin.lane")}</span><input name="lane" maxlength="20" /></label>`}
        ${notice(state)}
        <button class="primary" ?disabled=${state.isBusy}>${say(state.isBusy ? "pin.working" : "signin.go")}</button>
      </form>
      ${isAgain || state.keeping.isInstalled ? nothing : html`<p class="small">${say("keep.install")}</p>`}
    </main>`;
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
const TITLES = { lock: "pin.enter", "pin-choose": "pin.choose", "pin-repeat": "pin.repeat" } as const;

export function drawPin(state: State, send: Send): TemplateResult {
  const digit = (each: string) => html`<button ?disabled=${state.isBusy} @click=${() => send(press(each))}>${each}</button>`;
  return html`${bar(state, send)}
    <main class="page pin">
      <h1>${say(TITLES[state.screen as keyof typeof TITLES])}</h1>
      ${state.screen === "lock" ? html`<p class="who">${state.enrolment?.username} · ${state.enrolment?.office}</p>` : nothing}
      <p class="dots" role="img" aria-label="${state.entry.pin.length} / 6">
        ${[0, 1, 2, 3, 4, 5].map((at) => html`<i class=${at < state.entry.pin.length ? "on" : ""}></i>`)}
      </p>
      <p class="notice" role="status">${state.isBusy ? say("pin.working") : state.notice}</p>
      <div class="keys">
        ${DIGITS.map(digit)}
        ${state.screen === "lock"
          ? html`<button class="small" @click=${() => send(showing("forgotten"))}>${say("pin.forgotten")}</button>`
          : html`<span></span>`}
        ${digit("0")}
        <button aria-label=${say("pin.delete")} ?disabled=${state.isBusy} @click=${() => send(unpress)}>⌫</button>
      </div>
    </main>`;
}

export function drawForgotten(state: State, send: Send): TemplateResult {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    send(forgetPin(new FormData(event.target as HTMLFormElement).get("password") as string));
  };
  return html`${bar(state, send, showing("lock"))}
    <main class="page">
      <h1>${say("pin.forgotten")}</h1>
      <p>${say("pin.forgotten.why")}</p>
      <form class="stack" @submit=${submit}>
        <label class="box"
          ><span>${say("signin.password")}</span
          ><input name="password" type="password" autocomplete="current-password" required
        /></label>
        ${notice(state)}
        <button class="primary" ?disabled=${state.isBusy}>${say("pin.choose")}</button>
      </form>
    </main>`;
}
