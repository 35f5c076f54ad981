// This shift: what was done, what waits, and what a person must resolve.

import { html, nothing, type TemplateResult } from "lit-html";
import { exportUnsent, importUnsent } from "../queue/file";
import { canBeTakenBack, type Item, isTakenBack, takesBack } from "../queue/items";
import { say, sayInstant } from "../words/words";
import type { App } from "./app";
import { bar, notice } from "./parts";

const ORDER = { problem: 0, waiting: 1, done: 2 };

export function drawQueue(app: App): TemplateResult {
  const items = [...app.items].sort((one, other) => ORDER[one.state] - ORDER[other.state] || other.madeAt - one.madeAt);
  const isSending = app.phone?.isSending ?? false;
  const hasUnsent = app.unsent.waiting + app.unsent.problem > 0;
  return html`${bar(app, () => app.show("scan"))}
    <main class="page queue">
      <h1>${say("queue.title")}</h1>
      ${notice(app)}
      ${items.length === 0 ? html`<p class="empty">${say("queue.empty")}</p>` : nothing}
      <ul class="items">
        ${items.map((item) => drawItem(app, item))}
      </ul>
      <p class="files">
        <button class="secondary" ?disabled=${!hasUnsent} @click=${() => void saveFile(app)}>${say("queue.export")}</button>
        <label class="secondary button"
          >${say("queue.import")}<input type="file" accept="application/json,.json" @change=${(event: Event) => void readFile(app, event.target as HTMLInputElement)}
        /></label>
      </p>
    </main>
    <footer class="do">
      <button class="primary" ?disabled=${isSending || app.unsent.waiting === 0} @click=${() => void sendNow(app)}>
        ${say(isSending ? "queue.sending" : "queue.send")}
      </button>
    </footer>`;
}

function drawItem(app: App, item: Item): TemplateResult {
  const { body } = item;
  return html`<li class=${item.state}>
    <p>
      <b>${body.carnet}</b>
      ${"page" in body ? say("see.page", { page: body.page }) : nothing} · ${say(takesBack(item) ? "takeback.kind" : `queue.kind.${item.kind}`)}
    </p>
    <p class="small">
      ${sayInstant(body.occurred_at)} · <em>${say(`queue.${item.state}`)}</em>
      ${isTakenBack(item, app.items) ? html` · <em>${say("takeback.taken")}</em>` : nothing}
    </p>
    ${item.state === "problem" ? resolving(app, item) : nothing}
    ${canBeTakenBack(item, app.items)
      ? html`<button class="secondary" @click=${() => app.beginTakeBack(item)}>${say("takeback.begin")}</button>`
      : nothing}
  </li>`;
}

/** A conflict from offline is on record beside the first stamp; a rejection is not on record at all. */
function resolving(app: App, item: Item): TemplateResult {
  const { id } = item.body;
  const isArmed = app.armed === id;
  const save = (changes: Partial<Item>) => void resolve(app, { ...item, ...changes } as Item);
  if (item.receipt) {
    return html`<p>${item.problem?.detail} ${say("problem.both")}</p>
      <button class="secondary" @click=${() => save({ state: "done" })}>${say("problem.note")}</button>`;
  }
  const isRival = item.kind === "stamp" && item.wasOnline && item.tries === 1;
  return html`<p>${item.problem?.detail ?? item.problem?.code}</p>
    <button class="secondary" @click=${() => save({ state: "waiting", tries: isRival ? 1 : item.tries })}>
      ${say(isRival ? "problem.evidence" : "problem.again")}
    </button>
    <button class="secondary danger" @click=${() => (isArmed ? void withdraw(app, id) : app.arm(id))}>
      ${say(isArmed ? "problem.withdraw.sure" : "problem.withdraw")}
    </button>`;
}

async function resolve(app: App, item: Item): Promise<void> {
  await app.phone?.queue.save([item]);
  await app.phone?.recount();
  if (item.state === "waiting") await app.syncSoon();
}

async function withdraw(app: App, id: string): Promise<void> {
  await app.phone?.queue.remove([id]);
  app.armed = "";
  await app.phone?.recount();
}

async function sendNow(app: App): Promise<void> {
  app.notice = "";
  const heard = await app.phone?.sync();
  if (!heard) app.tell("queue.unheard");
}

async function saveFile(app: App): Promise<void> {
  const { phone, enrolment } = app;
  if (!phone || !enrolment) return;
  const by = { officer: enrolment.username, device: phone.session?.device ?? null, now: Date.now() };
  for (const file of await exportUnsent(phone.queue, by)) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: "application/json" }));
    link.download = `${file.format}-${file.officer}-${file.exported_at.slice(0, 16).replace(/:/g, "")}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
}

async function readFile(app: App, input: HTMLInputElement): Promise<void> {
  const file = input.files?.[0];
  const { phone } = app;
  input.value = "";
  if (!file || !phone) return;
  try {
    const n = await importUnsent(phone.queue, await file.text(), phone.bundle?.office.code ?? "");
    await phone.recount();
    app.tell("queue.imported", { n });
  } catch {
    app.tell("queue.notafile");
  }
}
