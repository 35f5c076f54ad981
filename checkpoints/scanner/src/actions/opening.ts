// Opening the phone with its key, locking it, and leaving it to somebody else.

import { enrolledDevice, forgetDevice, type LastKnown } from "../emptied";
import { Phone } from "../phone";
import { countUnsent } from "../queue/queue";
import { freshEntry, type Halt } from "../state";
import { steadyClock } from "../steadyClock";
import { erase } from "../store/database";
import { readEnrolment } from "../store/enrolment";
import { askToKeep } from "../store/keeping";
import type { Session } from "../store/sealedStore";
import type { Vault } from "../store/vault";
import type { News } from "../windows";
import { type Language, firstLanguage, speak } from "../words/words";
import { type Action, type App, arm, beginLorry, show, tell } from "./action";
import { judgeAgain } from "./scanController";

const IDLE = 5 * 60_000;
const UNTOUCHED = 15_000;
const ABOUT_A_LORRY = new Set(["carnet", "route", "stamp", "trouble", "report", "refusal"]);
const MAY_SIGN_IN_FROM = new Set(["scan", "queue", "settings", "done"]);

/** The first screen after the start: what lies on the phone, before any network. */
export async function begin(app: App): Promise<void> {
  const { state, database } = app;
  state.enrolment = await readEnrolment(database);
  const language = (await database.get("plain", "language")) as Language | undefined;
  await speak(language ?? firstLanguage()).catch(() => undefined); // in English until the words can be had
  state.hasSound = (await database.get("plain", "sound")) !== false;
  state.emptied = state.enrolment ? null : enrolledDevice();
  state.halt = null;
  await recount(app);
  show(app, state.enrolment ? "lock" : "signin");
  void lookAtKeeping(app);
}

async function lookAtKeeping(app: App): Promise<void> {
  app.state.keeping = await askToKeep(app.database, Date.now());
  app.draw();
}

/** This window can do nothing more. What is being written is written first; then `let go` of the store. */
export function halt(why: Halt, letGo: () => void = () => undefined): Action {
  return async (app) => {
    const { state } = app;
    while (state.isBusy || state.phone?.queue.isWriting) await new Promise((written) => setTimeout(written, 50));
    state.phone?.close();
    letGo();
    Object.assign(state, { halt: why, phone: null });
    show(app, "halted");
  };
}

/** Nobody is in the middle of anything: all is written, no carnet is on the screen, and nothing is being typed. */
export function isIdle({ state }: App): boolean {
  if (state.isBusy || state.phone?.isSending || state.phone?.queue.isWriting) return false;
  if (state.screen === "lock") return state.entry.pin === "";
  const isUntouched = Date.now() - state.lastTouch > UNTOUCHED;
  return state.screen === "scan" && isUntouched && state.lorry.typed === "" && !state.scanning.isReading;
}

/** Whether the phone's clock was set while the app was open: then how long nobody has touched it is counted anew. */
export function lookAtClock({ state }: App): void {
  const by = steadyClock.look();
  if (by === 0) return;
  state.lastTouch = Date.now();
  state.phone?.clockWasSet(by);
}

export async function openPhone(app: App, vault: Vault, session: Session | null = null): Promise<void> {
  const { state, database } = app;
  state.phone?.close();
  state.enrolment = await readEnrolment(database);
  const phone = new Phone(database, vault, {
    changed: () => void recount(app),
    refused: () => signInAgain(app),
    elsewhere: (news) => void hearElsewhere(app, news),
  });
  if (session) await phone.store.write("session", session);
  await phone.open(Date.now());
  state.phone = phone;
  state.lastTouch = Date.now();
  state.lastKnown = ((await database.get("plain", "emptied")) as LastKnown | undefined) ?? null;
  show(app, state.lastKnown ? "emptied" : "scan");
  void phone.sync();
}

/** What was lost is told until an officer has read it. */
export async function noteEmptied(app: App): Promise<void> {
  await app.database.delete("plain", "emptied");
  app.state.lastKnown = null;
  show(app, "scan");
}

/** Another window of this phone has stamped, perhaps the very page that is on the screen here; or it has left the phone. */
async function hearElsewhere(app: App, news: News): Promise<void> {
  const { state } = app;
  if (news === "erased") {
    forgetOfficer(app);
    state.enrolment = undefined;
    return show(app, "signin");
  }
  const { screenful } = state.lorry;
  if (news !== "written" || !screenful || !ABOUT_A_LORRY.has(state.screen)) return;
  const isKnown = screenful.reasons.some(({ code }) => code === "voucher_already_stamped");
  if (!isKnown && state.phone?.ownStamp(screenful)) await judgeAgain(app);
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
  lookAtClock(app);
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
  state.phone?.tell("erased");
  forgetOfficer(app);
  await erase(database);
  forgetDevice();
  state.enrolment = undefined;
  show(app, "signin");
}

/** Counts, the list and the receipt on the screen learn what has become of what was done. */
export async function recount(app: App): Promise<void> {
  const { state, database } = app;
  const { phone } = state;
  state.unsent = phone ? phone.counts : await countUnsent(database);
  if ((state.screen === "queue" || state.screen === "item") && phone) state.items = await phone.queue.all();
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
