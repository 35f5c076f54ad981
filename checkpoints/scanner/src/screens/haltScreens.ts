// What stops the work: this window can do nothing more, or this phone was emptied.

import { html, nothing, type TemplateResult } from "lit-html";
import { type Action, deliberate, type Send } from "../actions/action";
import { noteEmptied } from "../actions/opening";
import type { State } from "../state";
import { say, sayInstant } from "../words/words";
import { bar } from "./widgets";

const openAgain: Action = () => location.reload();

export function drawHalted(state: State, send: Send): TemplateResult {
  const why = state.halt ?? "ended";
  return html`${bar(state, send)}
    <main class="page halted" role="alert">
      <h1>${say(`halt.${why}.title`)}</h1>
      <p>${say(`halt.${why}`)}</p>
    </main>
    ${why === "blocked"
      ? nothing
      : html`<footer class="do">
          <button class="primary" @click=${() => send(openAgain)}>${say("halt.again")}</button>
        </footer>`}`;
}

export function drawEmptied(state: State, send: Send): TemplateResult {
  return html`${bar(state, send)}
    <main class="page emptied" role="alert">
      <h1>${say("emptied.title")}</h1>
      <p>${sayLastKnown(state)}</p>
      <p>${say("emptied.do")}</p>
    </main>
    <footer class="do">
      <button class="primary" @click=${() => send(deliberate(noteEmptied))}>${say("emptied.read")}</button>
    </footer>`;
}

function sayLastKnown({ lastKnown }: State): string {
  const { unsent = null, oldest = null } = lastKnown ?? {};
  if (unsent === null) return say("emptied.unknown");
  return unsent === 0 ? say("emptied.none") : say("emptied.unsent", { n: unsent, since: oldest && sayInstant(oldest) });
}
