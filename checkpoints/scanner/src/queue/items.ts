// What an officer did and the server must learn: stamps, refusals, certified reports.

import type { Photo } from "../camera/photo";
import type { IncidentKind, PackagesBasis, RefusalReason, Role } from "../judging/generated";
import type { Steady } from "../steadyClock";
import type { ItemState } from "../store/database";
import type { Installation } from "../token/token";

/** The body of POST /api/v1/stamps/, without `offline` and `clock_offset`, which are known only when it is sent. */
export interface StampBody {
  id: string;
  carnet: string;
  page: number;
  occurred_at: string;
  seals?: { intact?: boolean; found?: string[]; affixed?: string[]; removed?: string[] };
  packages?: number;
  packages_basis?: PackagesBasis;
  packages_presented?: number;
  mass_kg?: number;
  reservation?: string;
  time_limit?: string;
  vehicles?: string[];
  containers?: string[];
  goes_on?: boolean;
  ends_here?: boolean;
  suspension?: boolean;
  unplanned?: boolean;
  cancels?: string;
  reason?: string;
}

export interface RefusalBody {
  id: string;
  carnet: string;
  page: number;
  reason: RefusalReason;
  text: string;
  occurred_at: string;
}

export interface IncidentBody {
  id: string;
  carnet: string;
  kind: IncidentKind;
  description: string;
  seals_broken: string[];
  seals_affixed: string[];
  vehicles: string[];
  packages?: number;
  photos: Photo[];
  occurred_at: string;
}

/** Of a stamp, or of a refusal or a report, which have no place in a carnet's chain; a report is about no page. */
export interface Receipt {
  id: string;
  carnet: string;
  page?: number | null;
  office: string;
  recorded_at: string;
  hash: string;
  role?: string;
  sequence?: number;
  warnings?: { code: string; detail: string }[];
  /** The receipt as the server signed it, which anybody can check; null of before they were signed. */
  signed?: string | null;
}

export interface Problem {
  status?: number;
  code?: string;
  title?: string;
  detail?: string; // the server's words, in the language it was asked in
  facts?: Record<string, string | number>; // of our own: said in the language of whoever reads it
}

export type Deed =
  | { kind: "stamp"; body: StampBody }
  | { kind: "refusal"; body: RefusalBody }
  | { kind: "incident"; body: IncidentBody };

/** `wasOnline`: the server had judged the carnet a moment before. `office`: where it was made. `clockOffset`: what had to be
 * added to this phone's clock then, in milliseconds; null where that was not known. `faults`: how often it failed alone. */
export type Item = Deed & {
  state: ItemState;
  madeAt: number;
  clockOffset: number | null;
  office: string;
  role: Role | "";
  wasOnline: boolean;
  tries: number;
  faults?: number;
  receipt?: Receipt;
  problem?: Problem;
  /** The clock that nobody can set, at that moment. */
  steady?: Steady;
  /** What a person decided about it, where the server's answer did not settle it. */
  decision?: Decision;
  /** Who made it, where a colleague did and this phone has taken it over. */
  maker?: Maker;
  /** The colleague whose phone has said that it has taken it over, and when that was heard. It is no less unsent here. */
  handedOver?: { to: string; at: number };
};

/** The officer and the device that a file of the unsent names, and when this phone took it in. */
export interface Maker {
  officer: string;
  device: string | null;
  exportedAt: string;
  takenAt: number;
  /** What the server of their phone is for, as their file says. */
  installation?: Installation;
}

/** Noted that it stands beside another, or withdrawn because it did not happen: by whom, and when by the phone's clock. */
export interface Decision {
  kind: "noted" | "withdrawn";
  by: string;
  at: number;
}

export type StampItem = Item & { kind: "stamp" };

/** A stamp that was not heard of at once has happened all the same: it is sent as made offline. */
export function stampAsSent(item: StampItem): StampBody & { offline: boolean; clock_offset?: number } {
  const { clockOffset } = item;
  const measured = typeof clockOffset === "number" ? { clock_offset: Math.round(clockOffset) } : {};
  return { ...item.body, ...measured, offline: !item.wasOnline || item.tries > 1 };
}

/** Whether the item takes a stamp back. */
export function takesBack(item: Item): boolean {
  return item.kind === "stamp" && item.body.cancels !== undefined;
}

/** What was withdrawn is in the list with whose decision that was, and counts no more. */
export function isWithdrawn({ decision }: Item): boolean {
  return decision?.kind === "withdrawn";
}

/** Whether the item stands as far as is known here: nobody has refused or withdrawn it. */
export function stands(item: Item): boolean {
  return item.state !== "problem" && !isWithdrawn(item);
}

/** Whether the item is a stamp that can still be taken back from here. */
export function canBeTakenBack(item: Item, among: Item[]): item is StampItem {
  return item.kind === "stamp" && !item.maker && stands(item) && !takesBack(item) && !isTakenBack(item, among);
}

export function isTakenBack({ body: { id } }: Item, among: Item[]): boolean {
  return among.some((other) => other.kind === "stamp" && stands(other) && other.body.cancels === id);
}
