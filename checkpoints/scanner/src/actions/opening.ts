// Opening the phone with its key, locking it, and leaving it to somebody else.

import { Phone } from "../phone";
import { countUnsent } from "../queue/queue";
import { freshEntry } from "../state";
import { erase } from "../store/database";
import { readEnrolment } from "../store/enrolment";
import type { Session } from "../store/sealedStore";
import type { Vault } from "../store/vault";
import { type Language, firstLanguage, speak } from "../words/words";
import { type App, arm, beginLorry, show, tell } from "./action";

const IDLE = 5 * 60_000;
const MAY_SIGN_IN_FROM = new Set(["scan", "queue", "settings", "done"]);

/** The first screen after the start: what lies on the phone, before any network. */
export async function begin(app: App): Promise<void> {
  const { state, database } = app;
  state.enrolment = await readEnrolment(database);
  const language = (await database.get("plain", "language")) as Language | undefined;
  await speak(language ?? firstLanguage()).catch(() => undefined); // in English until the words can be had
  state.hasSound = (await database.get("plain", "sound")) !== false;
  await recount(app);
  show(app, state.enrolment ? "lock" : "signin");
}

export async function openPhone(app: App, vault: Vault, session: Session | null = null): Promise<void> {
  const { state, database } = app;
  state.phone?.close();
  state.enrolment = await readEnrolment(database);
  const phone = new Phone(database, vault, {
    changed: () => void recount(app),
    refused: () => signInAgain(app),
  });
  if (session) await phone.store.write("session", session);
  await phone.open(Date.now());
  state.phone = phone;
  state.lastTouch = Date.now();
  state.isPersisted = (await navigator.storage?.persisted?.()) ?? false;
  show(app, "scan");
  void phone.sync();
}

function signInAgain(app: App): void {
  if (MAY_SIGN_IN_FROM.has(app.state.screen)) show(app, "signin");
}

export function lock(app: App): void {
  forgetOfficer(app);
  show(app, "lock");
}

function forgetOfficer(app: App): void {
  app.state.phone?.close();
  Object.assign(app.state, { phone: null, items: [], handover: null, entry: freshEntry() });
  beginLorry(app);
}

export function touch({ state }: App): void {
  state.lastTouch = Date.now();
}

/** Locks a phone that nobody has touched for a while; else what is on the screen grows older by itself. */
export function tick(app: App): void {
  const { phone, lastTouch } = app.state;
  if (phone && Date.now() - lastTouch > IDLE) lock(app);
}

/** Erase the phone, at the second tap and only when nothing is unsent. */
export async function leave(app: App): Promise<void> {
  const { state, database } = app;
  const unsent = state.unsent.waiting + state.unsent.problem;
  if (unsent > 0) return tell(app, "settings.leave.unsent", { n: unsent });
  if (state.armed !== "leave") return arm(app, "leave");
  await state.phone?.api.post("auth/logout/", {}).catch(() => undefined);
  forgetOfficer(app);
  await erase(database);
  state.enrolment = undefined;
  show(app, "signin");
}

/** Counts, the list and the receipt on the screen learn what has become of what was done. */
export async function recount(app: App): Promise<void> {
  const { state, database } = app;
  const { phone } = state;
  state.unsent = phone ? phone.counts : await countUnsent(database);
  if (state.screen === "queue" && phone) state.items = await phone.queue.all();
  await recountDone(app);
  app.draw();
}

/** Another deed may have taken the place of this one meanwhile. */
async function recountDone(app: App): Promise<void> {
  const { done } = app.state.lorry;
  const item = done && (await app.state.phone?.itemOf(done.body.id));
  const { lorry } = app.state;
  if (item && lorry.done?.body.id === item.body.id) app.state.lorry = { ...lorry, done: item };
}
