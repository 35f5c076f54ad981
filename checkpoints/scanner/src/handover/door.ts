// The way into a hand-over: its code is no part of the first load and comes when it is first needed, from the phone itself.

import { html, nothing, type TemplateResult } from "lit-html";
import { type Action, type App, type Send, tell } from "../actions/action";
import type { Item } from "../queue/items";
import type { State } from "../state";
import { say, sayInstant } from "../words/words";

type Steps = typeof import("./steps");
let drawStep: typeof import("./screens").drawStep | null = null;

/** Show what is unsent as a chain of codes. */
export const handOver: Action = (app) => begin(app, ({ showUnsent }) => showUnsent);

/** Read a chain of codes from a colleague's screen, whatever it carries. */
export const takeOver: Action = (app) => begin(app, ({ beginReading }) => beginReading);

/** Show what became of what was taken over. */
export const answerBack: Action = (app) => begin(app, ({ showAnswer }) => showAnswer);

async function begin(app: App, choose: (steps: Steps) => Action): Promise<void> {
  let action: Action;
  try {
    const [steps, screens] = await Promise.all([import("./steps"), import("./screens")]);
    drawStep = screens.drawStep;
    action = choose(steps);
  } catch {
    return tell(app, "queue.unheard"); // the app is not on the phone whole, and the network is away
  }
  await action(app);
}

export function drawHandover(state: State, send: Send): TemplateResult {
  return drawStep?.(state, send) ?? html``;
}

/** The ways between two phones. */
export function ways(state: State, hasUnsent: boolean, send: Send): TemplateResult {
  return html`<p class="files ways">
    <button class="secondary" ?disabled=${!hasUnsent} @click=${() => send(handOver)}>${say("queue.codes")}</button>
    <button class="secondary" @click=${() => send(takeOver)}>${say("queue.take")}</button>
    ${state.items.some(({ maker }) => maker)
      ? html`<button class="secondary" @click=${() => send(answerBack)}>${say("queue.answer")}</button>`
      : nothing}
  </p>`;
}

/** Who made an item, and which colleague has it too. */
export function whose({ maker, handedOver, state }: Item): TemplateResult | typeof nothing {
  if (maker) return html` · <em>${say(state === "done" ? "queue.handedin" : "queue.tohandin", { officer: maker.officer })}</em>`;
  if (!handedOver) return nothing;
  const facts = { officer: handedOver.to, when: sayInstant(handedOver.at) };
  return html` · <em>${say(state === "waiting" ? "queue.handedover" : "queue.toldby", facts)}</em>`;
}
