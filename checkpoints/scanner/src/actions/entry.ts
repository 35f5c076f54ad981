// Coming in: signing in, choosing a PIN, unlocking, and what to do when the PIN is forgotten.

import { Api } from "../api";
import { reportEmptied } from "../emptied";
import { VERSION } from "../phone";
import type { EntryState } from "../state";
import type { Session } from "../store/sealedStore";
import { putIfThereIsRoom } from "../store/database";
import { changePassword, changePin as setPin, enrol, unlockWithPin } from "../store/enrolment";
import { unlock as unwrap } from "../store/vault";
import { currentLanguage, languageTag, say } from "../words/words";
import { type Action, type App, busy, show, tell } from "./action";
import { openPhone } from "./opening";

const DIGITS = 6;

function change({ state }: App, changes: Partial<EntryState>): void {
  state.entry = { ...state.entry, ...changes };
}

const SECOND_FACTOR_REQUIRED = "second_factor_required";

/** Sign in; `code` is of the second factor, blank until the server asks for one. */
export function signIn(username: string, password: string, lane: string, code = ""): Action {
  return async (app) => {
    const { enrolment } = app.state;
    if (enrolment && enrolment.username !== username) {
      return tell(app, "signin.other", { username: enrolment.username });
    }
    await busy(app, async () => {
      const signed = await askForToken(app, { username, password, code }, lane);
      if (signed === null) return;
      change(app, { asksCode: false });
      if (app.state.phone && app.state.enrolment) return takeToken(app, signed.session, password);
      change(app, { credentials: { username, password, office: signed.office }, pending: signed.session });
      show(app, "pin-choose");
      app.state.notice = signed.said;
    });
  };
}

/** Return session and office, or say what is wrong and return null. The sign-in's token is changed for the device's; where
 * the server gives none, `said` is why. */
async function askForToken(
  app: App,
  { username, password, code }: { username: string; password: string; code: string },
  lane: string,
): Promise<{ session: Session; office: string; said: string } | null> {
  const signed = await new Api(null, languageTag).post<{
    token: string;
    expires_at: string;
    user: { office: string | null };
  }>("auth/token/", code ? { username, password, otp: code } : { username, password });
  if (signed.problem) {
    const asksCode = signed.problem.code === SECOND_FACTOR_REQUIRED;
    app.state.notice = asksCode && !code ? say("signin.code.why") : (signed.problem.detail ?? "");
    change(app, { asksCode });
    return null;
  }
  const { token, expires_at: expiresAt, user } = signed.body;
  if (!user.office) {
    tell(app, "signin.unposted");
    return null;
  }
  const { state } = app;
  if (state.emptied) state.lastKnown = await reportEmptied(new Api(token, languageTag), state.emptied, VERSION);
  const device = await enrolDevice(token, username, lane);
  const said = typeof device === "string" ? device : "";
  return { session: typeof device === "string" ? { token, expiresAt, device: null } : device, office: user.office, said };
}

/** Return a session of the device's own, or what the server says that gives none. */
async function enrolDevice(token: string, username: string, lane: string): Promise<Session | string> {
  const api = new Api(token, languageTag);
  const name = `${username} ${new Date().toISOString().slice(0, 10)}`;
  const device = await api.post<{ id: string; token: string; expires_at: string }>("devices/", { name, lane });
  if (device.problem) return device.problem.detail ?? "";
  await api.post("auth/logout/", {}).catch(() => undefined);
  return { token: device.body.token, expiresAt: device.body.expires_at, device: device.body.id };
}

async function takeToken(app: App, session: Session, password: string): Promise<void> {
  const phone = app.state.phone!;
  const { chosenPin } = app.state.entry;
  phone.session = session;
  await phone.store.write("session", session);
  phone.tell("signed");
  if (chosenPin) await changePassword(app.database, chosenPin, password);
  show(app, "scan");
  void phone.sync();
}

export function press(digit: string): Action {
  return async (app) => {
    const { isBusy, entry } = app.state;
    if (isBusy || entry.pin.length >= DIGITS) return;
    change(app, { pin: entry.pin + digit });
    app.state.notice = "";
    if (app.state.entry.pin.length === DIGITS) await takePin(app);
  };
}

export function unpress(app: App): void {
  change(app, { pin: app.state.entry.pin.slice(0, -1) });
}

async function takePin(app: App): Promise<void> {
  const { pin, chosenPin, changing } = app.state.entry;
  await busy(app, async () => {
    if (app.state.screen === "lock") await unlock(app, pin);
    else if (app.state.screen === "pin-choose") choosePin(app, pin);
    else if (pin !== chosenPin) {
      show(app, "pin-choose");
      app.state.notice = say("pin.differs");
    } else if (changing) await changeTo(app, pin, changing);
    else await enrolWith(app, pin);
  });
  change(app, { pin: "" });
}

async function changeTo(app: App, pin: string, by: NonNullable<EntryState["changing"]>): Promise<void> {
  change(app, { changing: null });
  await openPhone(app, await setPin(app.database, by, pin));
}

function choosePin(app: App, pin: string): void {
  change(app, { chosenPin: pin });
  show(app, "pin-repeat");
}

async function enrolWith(app: App, pin: string): Promise<void> {
  const { credentials, pending } = app.state.entry;
  const { username, password, office } = credentials!;
  const vault = await enrol(app.database, { username, office, pin, password });
  change(app, { credentials: null, pending: null });
  await putIfThereIsRoom(app.database, currentLanguage(), "language");
  if (app.state.lastKnown) await app.database.put("plain", app.state.lastKnown, "emptied");
  app.state.emptied = null;
  await openPhone(app, vault, pending!);
}

async function unlock(app: App, pin: string): Promise<void> {
  const answer = await unlockWithPin(app.database, pin, Date.now());
  if ("vault" in answer) {
    change(app, { chosenPin: pin });
    return openPhone(app, answer.vault);
  }
  change(app, { lockedUntil: answer.waitUntil });
  countDown(app);
}

function countDown(app: App): void {
  const seconds = Math.ceil((app.state.entry.lockedUntil - Date.now()) / 1000);
  app.state.notice = seconds > 0 ? say("pin.wait", { seconds }) : say("pin.wrong");
  app.draw();
  if (seconds > 0 && app.state.screen === "lock") setTimeout(() => countDown(app), 1000);
}

export function forgetPin(password: string): Action {
  return (app) =>
    busy(app, async () => {
      try {
        await unwrap(app.state.enrolment!.password, password);
        change(app, { changing: { password } });
        show(app, "pin-choose");
      } catch {
        app.state.notice = say("pin.password.wrong");
      }
    });
}

export function changePin(app: App): void {
  change(app, { changing: { pin: app.state.entry.chosenPin } });
  show(app, "pin-choose");
}
