// What an officer does with the carnet on the screen: marks, stamps, reports, refuses.

import { recompress } from "../camera/photo";
import { dayAt } from "../clock";
import {
  type RefusalForm,
  refusalDeed,
  type ReportForm,
  reportDeed,
  type StampForm,
  stampDeed,
  toggled,
} from "../forms";
import { LIMITS } from "../judging/generated";
import { type Action, type App, busy, changeLorry, changeLorryOf, isArmed, show } from "./action";
import { record } from "./recording";

const DAYS_WITHOUT_A_PRACTICE = 10;

export function toggleSeal(seal: string): Action {
  return (app) => changeLorry(app, { badSeals: toggled(app.state.lorry.badSeals, seal) });
}

/** Route and goods: the goods are asked for, and come while the rest is read. */
export async function showRoute(app: App): Promise<void> {
  show(app, "route");
  const { phone, lorry } = app.state;
  const number = lorry.screenful?.number;
  if (!number || !navigator.onLine || !phone) return;
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

function stampFilledIn({ state }: App, withReservation: boolean): StampForm | null {
  const { screenful } = state.lorry;
  const bundle = state.phone?.bundle;
  if (!screenful || !bundle) return null;
  const territory = bundle.territories.find((each) => each.code === bundle.office.territory);
  const days = territory?.default_transit_days ?? DAYS_WITHOUT_A_PRACTICE;
  const isStart = (screenful.page ?? 0) % 2 === 1;
  return {
    page: screenful.page,
    affixed: "",
    found: "",
    packages: screenful.packages === null ? "" : String(screenful.packages),
    timeLimit: isStart ? dayAt(Date.now(), bundle.office.time_zone, days) : "",
    isPartial: false,
    isSuspension: false,
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
  const { stamp, screenful, badSeals } = app.state.lorry;
  if (!stamp || !screenful) return;
  performance.mark("stamp-confirmed");
  await record(app, stampDeed(screenful, stamp, badSeals, Date.now()));
}

// --- reporting

export function beginReport(app: App): void {
  const { report, badSeals } = app.state.lorry;
  changeLorry(app, { report: { ...report, broken: new Set([...report.broken, ...badSeals]) } });
  show(app, "report");
}

export function changeReport(changes: Partial<ReportForm>): Action {
  return (app) => changeLorry(app, { report: { ...app.state.lorry.report, ...changes } });
}

/** Add pictures to the report they were taken for. */
export function takePhotos(files: File[]): Action {
  return async (app) => {
    const { visit, report } = app.state.lorry;
    await busy(app, async () => {
      for (const file of files.slice(0, LIMITS.photos - report.photos.length)) {
        const photo = await recompress(file);
        changeLorryOf(app, visit, (lorry) => ({
          report: { ...lorry.report, photos: [...lorry.report.photos, photo] },
        }));
      }
    });
  };
}

export async function signReport(app: App): Promise<void> {
  const { screenful, report, badSeals } = app.state.lorry;
  if (!screenful) return;
  changeLorry(app, { badSeals: new Set([...badSeals, ...report.broken]) });
  await record(app, reportDeed(screenful, report, Date.now()));
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
