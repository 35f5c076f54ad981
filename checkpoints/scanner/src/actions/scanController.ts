// From a code or a number to the verdict on the screen.

import { takeOver } from "../handover/door";
import { isFrame } from "../handover/mark";
import type { Phone, Scanned } from "../phone";
import type { Screenful } from "../screenful";
import { signal } from "../signals";
import { isWaiting, type ScanningState } from "../state";
import { crossedAmong } from "../statement";
import { isSaid, sayTrouble } from "../trouble";
import { type Action, type App, beginLorry, changeLorryOf, show, tell } from "./action";

const SERVER_BEFORE_VERDICT = 400; // milliseconds; then the phone's own verdict is shown
const OUT_OF_VIEW = 2_500;
const ALTERED = new Set(["token_malformed", "token_signature_invalid"]);

function remember({ state }: App, changes: Partial<ScanningState>): void {
  state.scanning = { ...state.scanning, ...changes };
}

/** The next lorry: the last one's voucher may still lie before the camera. */
export function nextLorry(app: App): void {
  remember(app, { at: Date.now() });
  beginLorry(app);
  show(app, "scan");
}

/** The camera sees a code. The one just dealt with must leave the picture first: nobody wants the last lorry again. */
export function seeCode(text: string): Action {
  return async (app) => {
    if (isFrame(text)) return takeOver(app); // a colleague's phone, and no voucher
    const { scanning } = app.state;
    const isLingering = text === scanning.text && Date.now() - scanning.at < OUT_OF_VIEW;
    if (isLingering) remember(app, { at: Date.now() });
    else await readCode(text)(app);
    if (app.state.screen === "carnet") remember(app, { text, at: Date.now() });
  };
}

/** A code came by the camera, or by a handheld scanner into the field. */
export function readCode(text: string): Action {
  return async (app) => {
    if (app.state.scanning.isReading || app.state.screen !== "scan") return;
    remember(app, { isReading: true });
    performance.mark("code-read");
    try {
      await present(app, { qr: text.trim(), number: null, page: null });
    } finally {
      remember(app, { isReading: false });
    }
  };
}

export function readNumber(number: string): Action {
  return (app) => present(app, { qr: null, number, page: app.state.lorry.typedPage });
}

/** Judge the same lorry once more, in another language. */
export async function judgeAgain(app: App): Promise<void> {
  const { scanned, visit } = app.state.lorry;
  if (app.state.phone && scanned) await judge(app, app.state.phone, scanned, visit);
}

async function present(app: App, scanned: Scanned): Promise<void> {
  const { phone } = app.state;
  if (!phone) return;
  if (!phone.canJudge) return tell(app, "scan.bundle");
  const { typed, typedPage } = app.state.lorry;
  const { visit } = beginLorry(app, { scanned, typed, typedPage });
  await judge(app, phone, scanned, visit);
}

/** Show the phone's verdict, or the server's when that comes quickly; replace it in place when that comes late. */
async function judge(app: App, phone: Phone, scanned: Scanned, visit: number): Promise<void> {
  const alone = await phone.judgeAlone(scanned, Date.now());
  if (!alone) return;
  // Whether there is a network only an answer can say; without one the attempt fails at once.
  const asked = ask(phone, scanned, alone);
  const quick = await Promise.race([asked, pause(SERVER_BEFORE_VERDICT)]);
  fill(app, visit, quick ?? alone, quick === undefined);
  if (quick === undefined) settle(app, visit, alone, await asked);
  await asked;
  const serverSaid = isSaid(phone.trouble) ? sayTrouble(phone.trouble, "queue.unheard") : "";
  if (serverSaid && changeLorryOf(app, visit, () => ({ serverSaid }))) app.draw();
}

/** The server has answered, or will not any more. */
function settle(app: App, visit: number, alone: Screenful, late: Screenful | null): void {
  if (late && isWanted(app, late)) fill(app, visit, late, false);
  else if (app.state.screen === "carnet" && isWaiting(app.state.lorry)) fill(app, visit, alone, false);
  else changeLorryOf(app, visit, () => ({ isAsking: false }));
}

/** A code that the phone found altered stays a stop, whatever answers; one of an unknown key the server may know. */
async function ask(phone: Phone, scanned: Scanned, alone: Screenful): Promise<Screenful | null> {
  const answer = await phone.askServer(scanned, alone);
  const isAltered = alone.reasons.some(({ code }) => ALTERED.has(code));
  return isAltered && answer?.verdict !== "stop" ? null : answer;
}

/** A late answer replaces the verdict while that is up; a late stop also brings back who has gone on from it. */
function isWanted({ state }: App, late: Screenful): boolean {
  const from = late.verdict === "stop" ? ["carnet", "route", "stamp", "trouble"] : ["carnet"];
  return from.includes(state.screen);
}

function fill(app: App, visit: number, shown: Screenful, isAsking: boolean): void {
  const before = app.state;
  const wasUp = before.screen === "carnet" && !isWaiting(before.lorry) && before.lorry.screenful?.verdict === shown.verdict;
  const isHere = changeLorryOf(app, visit, ({ statement }) => ({
    screenful: shown,
    isAsking,
    statement: crossedAmong(statement, shown.seals),
  }));
  if (!isHere) return;
  show(app, "carnet");
  if (isWaiting(app.state.lorry)) return;
  performance.mark("verdict-shown");
  if (!wasUp) signal(shown.verdict, app.state.hasSound);
}

function pause(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));
}
