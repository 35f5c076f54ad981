// What the officer fills in, what is still missing in it, and the deed that it becomes.

import type { Photo } from "./camera/photo";
import { type IncidentKind, LIMITS, NEEDS_CONFIRMING, type RefusalReason } from "./judging/generated";
import type { Deed, StampBody, StampItem } from "./queue/items";
import type { Screenful } from "./screenful";
import {
  areSealsGood,
  badSeals,
  certified,
  countedIn,
  entriesOf,
  isStart,
  isTermination,
  type Statement,
  UNSTATED,
  weighedIn,
} from "./statement";
import type { Key } from "./words/words";

export interface StampForm {
  readonly page: number | null;
  /** YYYY-MM-DD; blank on a voucher No. 2. */
  readonly timeLimit: string;
  /** The day at the office when the form was opened: no time limit lies before it. */
  readonly today: string;
  /** The plan has something else on this page, and the officer has read the number again. */
  readonly isUnplanned: boolean;
  readonly endsHere: boolean;
  readonly goesOn: boolean;
  readonly isSuspension: boolean;
  /** Packages on board before a part was unloaded, as typed. */
  readonly presented: string;
  readonly reservation: string;
  readonly withReservation: boolean;
}

export interface ReportForm {
  readonly kind: IncidentKind;
  readonly text: string;
  readonly broken: ReadonlySet<string>;
  readonly affixed: string;
  readonly vehicles: string;
  readonly photos: readonly Photo[];
}

export interface RefusalForm {
  readonly reason: RefusalReason | "";
  readonly text: string;
}

export function emptyReport(): ReportForm {
  return { kind: "seals_broken", text: "", broken: new Set(), affixed: "", vehicles: "", photos: [] };
}

export function emptyRefusal(): RefusalForm {
  return { reason: "", text: "" };
}

/** The set with this one in it, or without it when it was. */
export function toggled(among: ReadonlySet<string>, one: string): ReadonlySet<string> {
  const others = new Set(among);
  if (!others.delete(one)) others.add(one);
  return others;
}

// --- why a form cannot be sent yet: a sentence, or null

export function missingInStamp(form: StampForm, statement: Statement, shown: Screenful): Key | null {
  const { page } = form;
  if (page === null) return "why.page";
  return (
    (isNotPlanned(shown) && !form.isUnplanned ? "why.unplanned" : null) ??
    missingInSeals(statement, page, shown.seals) ??
    missingInUnits(statement) ??
    (isTermination(page) ? missingOnTermination(form, statement) : null) ??
    (isStart(page) && form.timeLimit && form.timeLimit < form.today ? "why.limit" : null)
  );
}

/** The plan has something else here: it is stamped only when the officer says that it is so. */
export function isNotPlanned({ reasons }: Screenful): boolean {
  return reasons.some(({ code }) => code === NEEDS_CONFIRMING);
}

function missingInUnits({ units }: Statement): Key | null {
  return units?.kind === "list" && !fits(units.others, LIMITS.plates, LIMITS.plate) ? "why.long" : null;
}

function missingInSeals(statement: Statement, page: number, expected: readonly string[] | null): Key | null {
  const { seals, affixed, removed } = statement;
  if (![affixed, removed].every((each) => fits(each, LIMITS.seals, LIMITS.seal))) return "why.long";
  if (page === 1) return entriesOf(affixed).length > 0 || seals?.kind === "none" ? null : "why.affixed";
  if (seals === null) return "why.seals";
  if (seals.kind !== "list") return null;
  if (!fits(seals.others, LIMITS.seals, LIMITS.seal)) return "why.long";
  return expected?.length || entriesOf(seals.others).length > 0 ? null : "why.seals.list";
}

function missingOnTermination(form: StampForm, statement: Statement): Key | null {
  const { packages } = statement;
  if (packages === null) return "why.packages";
  if (packages.kind === "as_manifest" && !areSealsGood(statement)) return "why.manifest";
  if (packages.kind === "counted" && countedIn(statement) === null) return "why.count";
  if (packages.kind === "weighed" && weighedIn(statement) === null) return "why.mass";
  if (form.presented.trim() && presentedIn(form) === null) return "why.count";
  return form.withReservation && !form.reservation.trim() ? "why.reservation" : null;
}

function presentedIn({ presented }: StampForm): number | null {
  return countedIn({ ...UNSTATED, packages: { kind: "counted", number: presented } });
}

export function missingInReport(form: ReportForm): Key | null {
  const isSealFit = fits(form.affixed, LIMITS.seals, LIMITS.seal);
  if (!isSealFit || !fits(form.vehicles, LIMITS.plates, LIMITS.plate)) return "why.long";
  return form.text.trim() ? null : "why.text";
}

export function missingInRefusal(form: RefusalForm): Key | null {
  if (!form.reason) return "why.reason";
  return form.text.trim() ? null : "why.text";
}

function fits(text: string, most: number, longest: number): boolean {
  const entries = entriesOf(text);
  return entries.length <= most && entries.every((entry) => entry.length <= longest);
}

// --- what they become

/** Only what the voucher has a box for. */
export function stampDeed(shown: Screenful, form: StampForm, statement: Statement, now: number): Deed {
  const page = form.page!;
  return {
    kind: "stamp",
    body: {
      id: crypto.randomUUID(),
      carnet: shown.number,
      page,
      occurred_at: new Date(now).toISOString(),
      ...certified(statement, page, shown),
      ...(isNotPlanned(shown) && form.isUnplanned && { unplanned: true }),
      ...(isStart(page) && form.timeLimit && { time_limit: form.timeLimit }),
      ...(isTermination(page) && onTermination(form)),
    },
  };
}

function onTermination(form: StampForm): Partial<StampBody> {
  const [presented, reservation] = [presentedIn(form), form.reservation.trim()];
  return {
    ...(form.endsHere && { ends_here: true }),
    ...(form.goesOn && { goes_on: true }),
    ...(form.isSuspension && { suspension: true }),
    ...(presented !== null && { packages_presented: presented }),
    ...(reservation && { reservation }),
  };
}

export function reportDeed(shown: Screenful, form: ReportForm, now: number): Deed & { kind: "incident" } {
  return {
    kind: "incident",
    body: {
      id: crypto.randomUUID(),
      carnet: shown.number,
      kind: form.kind,
      description: form.text.trim(),
      seals_broken: [...form.broken],
      seals_affixed: entriesOf(form.affixed),
      vehicles: entriesOf(form.vehicles),
      photos: [...form.photos],
      occurred_at: new Date(now).toISOString(),
    },
  };
}

/** What a signed report says of the seals is true of the stamp that follows: broken, and these affixed instead. */
export function afterReport(statement: Statement, report: ReportForm): Statement {
  const bad = new Set([...badSeals(statement), ...report.broken]);
  const others = statement.seals?.kind === "list" ? statement.seals.others : "";
  const affixed = entriesOf(`${statement.affixed}\n${report.affixed}`).join("\n");
  return { ...statement, affixed, ...(bad.size > 0 && { seals: { kind: "list", bad, others } }) };
}

export function refusalDeed(shown: Screenful, form: RefusalForm & { reason: RefusalReason }, now: number): Deed {
  return {
    kind: "refusal",
    body: {
      id: crypto.randomUUID(),
      carnet: shown.number,
      page: shown.page!,
      reason: form.reason,
      text: form.text.trim(),
      occurred_at: new Date(now).toISOString(),
    },
  };
}

export function takeBackDeed({ body }: StampItem, reason: string, now: number): Deed {
  const { id, carnet, page } = body;
  return {
    kind: "stamp",
    body: { id: crypto.randomUUID(), carnet, page, occurred_at: new Date(now).toISOString(), cancels: id, reason },
  };
}
