// What an officer does with the carnet on the screen: marks, stamps, reports, refuses.

import { recompress } from "../camera/photo";
import {
  afterReport,
  type RefusalForm,
  refusalDeed,
  type ReportForm,
  reportDeed,
  type StampForm,
  stampDeed,
} from "../forms";
import { DAY, dayAt } from "../judging/days";
import { LIMITS } from "../judging/generated";
import { isAboutSeals } from "../queue/evidence";
import { badSeals, crossed, inOrder, isStart, type Statement } from "../statement";
import { say } from "../words/words";
import { type Action, type App, busy, changeLorry, changeLorryOf, isArmed, show } from "./action";
import { record } from "./recording";

const DAYS_WITHOUT_A_PRACTICE = 10;

export function crossSeal(seal: string): Action {
  return (app) => changeLorry(app, { statement: crossed(app.state.lorry.statement, seal) });
}

export function makeStatement(changes: Partial<Statement>): Action {
  return (app) => changeLorry(app, { statement: { ...app.state.lorry.statement, ...changes } });
}

/** Route and goods: the goods are asked for, and come while the rest is read. */
export async function showRoute(app: App): Promise<void> {
  show(app, "route");
  const { phone, lorry } = app.state;
  const number = lorry.screenful?.number;
  if (!number || !phone) return;
  try {
    const path = `carnets/${number}/`;
    const answer = await phone.api.get<{ goods: { description: string; packages: number }[] }>(path);
    if (answer.problem) return;
    const goods = answer.body.goods.map((each) => `${each.packages} × ${each.description}`);
    changeLorryOf(app, lorry.visit, () => ({ goods }));
  } catch {
    // the screen says that the goods stand on the manifest
  }
}

// --- stamping

export function beginStamp(withReservation = false): Action {
  return (app) => {
    const stamp = isArmed(app) && stampFilledIn(app, withReservation);
    if (!stamp) return;
    changeLorry(app, { stamp });
    show(app, "stamp");
  };
}

/** The one button of a clean "go" is the statement itself; the form that follows shows it once more. */
export function stateInOrder(app: App): void | Promise<void> {
  const { statement, screenful } = app.state.lorry;
  if (!isArmed(app) || !screenful?.page) return;
  changeLorry(app, { statement: inOrder(statement, screenful.page) });
  return beginStamp()(app);
}

function stampFilledIn({ state }: App, withReservation: boolean): StampForm | null {
  const { screenful } = state.lorry;
  const bundle = state.phone?.bundle;
  if (!screenful || !bundle) return null;
  const territory = bundle.territories.find((each) => each.code === bundle.office.territory);
  const days = territory?.default_transit_days ?? DAYS_WITHOUT_A_PRACTICE;
  const dayIn = (later: number) => dayAt(Date.now() + later * DAY, bundle.office.time_zone);
  return {
    page: screenful.page,
    timeLimit: screenful.page === null || isStart(screenful.page) ? dayIn(days) : "",
    today: dayIn(0),
    isUnplanned: false,
    endsHere: false,
    goesOn: false,
    isSuspension: false,
    presented: "",
    reservation: "",
    withReservation,
  };
}

export function changeStamp(changes: Partial<StampForm>): Action {
  return (app) => {
    const { stamp } = app.state.lorry;
    if (stamp) changeLorry(app, { stamp: { ...stamp, ...changes } });
  };
}

export async function makeStamp(app: App): Promise<void> {
  const { stamp, screenful, statement } = app.state.lorry;
  if (!stamp || !screenful) return;
  performance.mark("stamp-confirmed");
  await record(app, stampDeed(screenful, stamp, statement, Date.now()));
}

// --- reporting

export function beginReport(app: App): void {
  const { report, statement } = app.state.lorry;
  changeLorry(app, { report: { ...report, broken: new Set([...report.broken, ...badSeals(statement)]) } });
  show(app, "report");
}

export function changeReport(changes: Partial<ReportForm>): Action {
  return (app) => changeLorry(app, { report: { ...app.state.lorry.report, ...changes } });
}

/** Add pictures to the report they were taken for. */
export function takePhotos(files: File[]): Action {
  return async (app) => {
    const { visit, report } = app.state.lorry;
    app.state.notice = "";
    await busy(app, async () => {
      for (const file of files.slice(0, LIMITS.photos - report.photos.length)) await takePhoto(app, visit, file);
    });
  };
}

async function takePhoto(app: App, visit: number, file: File): Promise<void> {
  try {
    const photo = await recompress(file);
    changeLorryOf(app, visit, ({ report }) => ({ report: { ...report, photos: [...report.photos, photo] } }));
  } catch {
    app.state.notice = say("wrong.photo.bad");
  }
}

export async function signReport(app: App): Promise<void> {
  const { screenful, report, statement } = app.state.lorry;
  if (!screenful) return;
  const deed = reportDeed(screenful, report, Date.now());
  await record(app, deed, () => ({
    statement: afterReport(statement, report),
    isReported: app.state.lorry.isReported || isAboutSeals(deed.body),
  }));
}

// --- refusing to start

export function changeRefusal(changes: Partial<RefusalForm>): Action {
  return (app) => changeLorry(app, { refusal: { ...app.state.lorry.refusal, ...changes } });
}

export async function refuse(app: App): Promise<void> {
  const { screenful, refusal } = app.state.lorry;
  const { reason, text } = refusal;
  if (screenful && reason) await record(app, refusalDeed(screenful, { reason, text }, Date.now()));
}
