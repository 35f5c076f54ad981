// What the app knows while it is open: one plain value. Screens read it, actions change it, nothing else does.
// All that belongs to one lorry is one object, replaced whole, so that nothing of it can stay behind for the next.

import { emptyRefusal, emptyReport, type RefusalForm, type ReportForm, type StampForm } from "./forms";
import type { Step } from "./handover/handover";
import type { Phone, Scanned } from "./phone";
import type { Item, StampItem } from "./queue/items";
import type { Counts } from "./queue/queue";
import type { Screenful } from "./screenful";
import { type Statement, UNSTATED } from "./statement";
import type { LastKnown } from "./emptied";
import type { Enrolment } from "./store/database";
import type { Keeping } from "./store/keeping";
import type { Session } from "./store/sealedStore";

export type ScreenName =
  | "signin"
  | "pin-choose"
  | "pin-repeat"
  | "lock"
  | "forgotten"
  | "scan"
  | "carnet"
  | "route"
  | "stamp"
  | "trouble"
  | "report"
  | "refusal"
  | "done"
  | "queue"
  | "takeback"
  | "handover"
  | "settings"
  | "item"
  | "emptied"
  | "halted";

/** Why this window can do nothing: another one holds the phone's store back, has renewed it, or it was taken away. */
export type Halt = "blocked" | "elsewhere" | "ended";

/** One lorry before the officer: from the first digit typed, or the code scanned, to the receipt. */
export interface Lorry {
  /** Which lorry this is; an answer that comes late for another one is dropped. */
  readonly visit: number;
  readonly typed: string;
  readonly typedPage: number | null;
  readonly scanned: Scanned | null;
  readonly screenful: Screenful | null;
  /** The server was asked and has not answered yet. */
  readonly isAsking: boolean;
  /** What the server said instead of answering; blank where it answered, or nothing came. */
  readonly serverSaid: string;
  readonly statement: Statement;
  /** A report about this lorry's seals was signed here. */
  readonly isReported: boolean;
  readonly goods: readonly string[] | null;
  readonly stamp: StampForm | null;
  readonly report: ReportForm;
  readonly refusal: RefusalForm;
  readonly takingBack: { readonly stamp: StampItem; readonly reason: string } | null;
  readonly done: Item | null;
}

/** What is typed while one signs in or unlocks; a locked phone knows no secret any more. */
export interface EntryState {
  readonly pin: string;
  readonly chosenPin: string;
  readonly lockedUntil: number;
  readonly changing: { readonly pin: string } | { readonly password: string } | null;
  readonly credentials: { readonly username: string; readonly password: string; readonly office: string } | null;
  readonly pending: Session | null;
  /** The password was right, and the server asks for the second factor too. */
  readonly asksCode: boolean;
}

/** What the camera's watcher remembers from one picture to the next. */
export interface ScanningState {
  readonly isReading: boolean;
  readonly text: string;
  readonly at: number;
}

export interface State {
  screen: ScreenName;
  shownAt: number;
  lastTouch: number;
  notice: string;
  /** A button that was tapped once and waits for the second tap. */
  armed: string;
  isBusy: boolean;
  enrolment: Enrolment | undefined;
  phone: Phone | null;
  unsent: Counts;
  items: Item[];
  entry: EntryState;
  lorry: Lorry;
  /** Between two phones; nothing while none is under way. */
  handover: Step | null;
  scanning: ScanningState;
  torch: boolean | null;
  hasCamera: boolean;
  hasSound: boolean;
  keeping: Keeping;
  /** The device as which a phone was enrolled that holds nothing any more. */
  emptied: string | null;
  /** What the server last knew of it, until an officer has read it. */
  lastKnown: LastKnown | null;
  halt: Halt | null;
  /** The item whose particulars are on the screen. */
  openItem: string | null;
  install: (() => void) | null;
}

export function fresh(now: number): State {
  return {
    screen: "signin",
    shownAt: now,
    lastTouch: now,
    notice: "",
    armed: "",
    isBusy: false,
    enrolment: undefined,
    phone: null,
    unsent: { waiting: 0, problem: 0 },
    items: [],
    entry: freshEntry(),
    lorry: freshLorry(1),
    handover: null,
    scanning: { isReading: false, text: "", at: 0 },
    torch: null,
    hasCamera: true,
    hasSound: true,
    keeping: { isPersisted: true, free: null, isInstalled: true },
    emptied: null,
    lastKnown: null,
    halt: null,
    openItem: null,
    install: null,
  };
}

export function freshEntry(): EntryState {
  return { pin: "", chosenPin: "", lockedUntil: 0, changing: null, credentials: null, pending: null, asksCode: false };
}

export function freshLorry(visit: number): Lorry {
  return {
    visit,
    typed: "",
    typedPage: null,
    scanned: null,
    screenful: null,
    isAsking: false,
    serverSaid: "",
    statement: UNSTATED,
    isReported: false,
    goods: null,
    stamp: null,
    report: emptyReport(),
    refusal: emptyRefusal(),
    takingBack: null,
    done: null,
  };
}

/** Nothing worth a verdict is known here, and the server may know: there is no verdict yet. */
export function isWaiting({ isAsking, screenful }: Lorry): boolean {
  return isAsking && screenful !== null && !screenful.isHistoryKnown && screenful.verdict !== "stop";
}
