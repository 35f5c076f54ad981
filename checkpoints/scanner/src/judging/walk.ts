// The walk along the pages: each certification is compared with the journey so far, then the journey moves past it
// (carnets/projection/walk.py). What is carried from stamp to stamp is seals, load and units.

import type { Alignment } from "./alignment";
import * as cargo from "./cargo";
import { endOf, HOUR, DAY } from "./days";
import { byTime, type Certification, dayOf, type Event, partnersOn } from "./evidence";
import {
  CLOCK_TOLERANCE,
  EARTH_KM,
  FASTEST_RECORDED_KMH,
  REPORT_MAY_FOLLOW,
  SPEED_MATTERS_FROM_KM,
  type StopAction,
} from "./generated";
import type { Office, Practices } from "./held";
import type { Plan } from "./plan";
import * as sealing from "./seals";
import { areSpeltDifferently, commonForms } from "./spelling";
import * as units from "./units";
import { isStart, operationOf } from "./vouchers";

/** One certification beside what the journey so far says of it. */
export interface Side {
  said: Certification;
  found: sealing.SealsFound;
  isReported: boolean;
  isPlateSpeltDifferently: boolean;
  unitsMissing: string[];
  speedKmh: number | null;
  isRecordedLate: boolean;
  areSealsUnknown: boolean;
  areSealsChecked: boolean;
  arePackagesCertified: boolean;
  counted: cargo.Counted;
}

/** Every side by its page, and the seals that should be on the lorry at the end. */
export interface Walk {
  sides: Map<number, Side>;
  seals: string[] | null;
}

/** What is carried from one certification to the next. */
interface Journey {
  alignment: Alignment;
  events: Event[];
  load: cargo.Load;
  train: units.Train;
  seals: sealing.SealSet;
  /** Packages on board at the No. 1 of the pair under way. */
  base: number | null;
  /** Reports that the latest certification took in, drawn up after it. */
  follow: Event[];
  latest: Certification | null;
}

/** Walk along what stands, in page order. */
export function walk(alignment: Alignment, events: readonly Event[]): Walk {
  const journey = journeyAlong(alignment, events);
  const sides = new Map<number, Side>();
  for (const sequence of alignment.standing.used) {
    const [start, end] = alignment.standing.pair(sequence);
    if (start === null) cargo.start(journey.load, alignment, sequence, null);
    else sides.set(start.page, passStart(journey, start));
    journey.base = journey.load.packages;
    if (start !== null) recount(journey, journey.follow);
    if (end !== null) {
      sides.set(end.page, passTermination(journey, end));
      recount(journey, journey.follow);
    }
  }
  for (const event of journey.events) sealing.passEvent(journey.seals, event);
  return { sides, seals: journey.seals.expected };
}

function journeyAlong(alignment: Alignment, events: readonly Event[]): Journey {
  return {
    alignment,
    events: [...events].sort(byTime),
    load: cargo.emptyLoad(alignment.plan),
    train: units.trainOf(alignment.plan.units),
    seals: new sealing.SealSet(),
    base: null,
    follow: [],
    latest: null,
  };
}

function passStart(journey: Journey, said: Certification): Side {
  const { alignment, load, train, seals } = journey;
  const sequence = operationOf(said.page);
  const taken = takeEvents(journey, said);
  cargo.start(load, alignment, sequence, said);
  const [does, isVisit] = [alignment.does(said.page), alignment.isVisit(sequence)];
  const found = sealing.compare(said, isVisit ? null : seals.expected);
  const side = sideOf(journey, said, found, taken);
  units.passStamp(train, said, isVisit && does === "unload", notAboard(journey, said));
  movePast(journey, side, taken.follow, does, isVisit);
  const isUnknown = areSealsUnknown(journey, said, does);
  if (isUnknown && said.sealsIntact === true && said.sealsFound === null) seals.takeOverUnnamed(); // told once
  return { ...side, areSealsUnknown: isUnknown };
}

function passTermination(journey: Journey, said: Certification): Side {
  const { alignment, load, train, seals } = journey;
  const taken = takeEvents(journey, said);
  const does = alignment.does(said.page);
  const found = sealing.compare(said, seals.expected);
  const side = sideOf(journey, said, found, taken);
  units.passStamp(train, said, false, notAboard(journey, said));
  if (does === "unload") units.setDown(train, emptied(journey, said));
  const counted = cargo.terminate(load, journey.base, alignment, operationOf(said.page), said);
  movePast(journey, side, taken.follow, does, false);
  return {
    ...side,
    counted,
    areSealsChecked: areSealsChecked(alignment.plan, found),
    arePackagesCertified: arePackagesCertified(said, found, counted),
  };
}

/** The events a stamp takes in, and which of them were drawn up just after it. */
interface Taken {
  events: Event[];
  follow: Event[];
}

/** Whether an event says why the seals are not intact here. What was sealed anew elsewhere is no reason: then the new seals
 * should be here, all of them. */
function explain({ events }: Taken, said: Certification, found: sealing.SealsFound): boolean {
  return events.some(
    ({ explainsSeals, sealsAffixed, office }) =>
      explainsSeals && (sealsAffixed.length === 0 || office === said.office.code || found.agree === true),
  );
}

/** Take in what happened before this certification, and reports drawn up by its own office just after it: those say which
 * seals were broken then; the new ones were affixed after the certification, other vehicles joined after it unless they are
 * stated there already, and what it counts is no baseline of that pair. */
function takeEvents(journey: Journey, said: Certification): Taken {
  const due = journey.events.filter((event) => belongsBefore(journey.alignment, event, said));
  journey.events = journey.events.filter((event) => !due.includes(event));
  for (const event of due) {
    const isBefore = event.at <= said.at;
    sealing.passEvent(journey.seals, event, isBefore);
    if (isBefore || areAmong(event.vehicles, said.vehicles)) units.passEvent(journey.train, event);
    if (isBefore) recount(journey, [event]);
  }
  return { events: due, follow: due.filter(({ at }) => at > said.at) };
}

function areAmong(some: readonly string[], stated: readonly string[] | null): boolean {
  const present = commonForms(stated);
  return [...commonForms(some)].some((each) => present.has(each));
}

/** Take over what reports and controls counted on board. */
function recount({ load }: Journey, events: readonly Event[]): void {
  for (const { packages } of events) if (packages !== null) load.packages = packages;
}

function belongsBefore(alignment: Alignment, event: Event, said: Certification): boolean {
  if (event.at <= said.at) return true;
  const isOwn = event.isReport && event.office === said.office.code;
  return isOwn && event.at <= said.at + REPORT_MAY_FOLLOW && !isLater(alignment, event, said);
}

/** Whether the same office certified once more before it drew up the report, which then belongs there. A proof says no more
 * than the day, so it is passed over. */
function isLater({ standing }: Alignment, event: Event, said: Certification): boolean {
  return [...standing.byPage.values()].some(
    ({ page, at, office, isProof }) =>
      page > said.page && office.code === event.office && !isProof && said.at < at && at <= event.at,
  );
}

function movePast(journey: Journey, side: Side, follow: Event[], does: StopAction, isVisit: boolean): void {
  const { said } = side;
  if (said.sealsIntact === false && said.sealsFound === null && !side.isReported) journey.seals.forget();
  sealing.passStamp(journey.seals, said, does, isVisit);
  for (const event of follow) {
    sealing.passEvent(journey.seals, event); // what it says is broken may have been affixed by this very stamp
    units.passEvent(journey.train, event);
  }
  [journey.follow, journey.latest] = [follow, said];
}

function sideOf(journey: Journey, said: Certification, found: sealing.SealsFound, taken: Taken): Side {
  const { alignment, train, latest } = journey;
  const isResumed = isStart(said.page) && alignment.isVisit(operationOf(said.page));
  return {
    said,
    found,
    isReported: explain(taken, said, found),
    isPlateSpeltDifferently: areSpeltDifferently(said.vehicles ?? [], alignment.plan.plates),
    unitsMissing: isResumed ? [] : units.missing(train, said, notAboard(journey, said)),
    speedKmh: speed(latest, said),
    isRecordedLate: isRecordedLate(alignment.plan, said),
    areSealsUnknown: false,
    areSealsChecked: true,
    arePackagesCertified: false,
    counted: cargo.NOTHING_COUNTED,
  };
}

/** Whether goods under seal start without a seal on record: nobody could compare anything later. */
function areSealsUnknown({ alignment, seals }: Journey, said: Certification, does: StopAction): boolean {
  if (!alignment.plan.sealed || seals.seals.size > 0) return false;
  return !(said.sealsIntact === true && does !== "load" && !seals.isKnown);
}

/** A blank is not a certificate: box 25 is ticked, or the seals are listed, or there were none to check. */
export function areSealsChecked(plan: Pick<Plan, "sealed">, found: sealing.SealsFound): boolean {
  return sealing.areStated(found) || (!plan.sealed && !found.expected?.length);
}

/** Box 26 with its basis: a count, or as in the manifest under intact seals; where no line that is certified has a
 * count, the latter or a mass (one beyond the tolerance is a statement too). */
function arePackagesCertified(said: Certification, found: sealing.SealsFound, counted: cargo.Counted): boolean {
  if (said.isProof) return true;
  if (said.packagesBasis === "as_manifest") return sealing.areInOrder(found);
  return counted.isCountable ? said.packages !== null : counted.isWeighed;
}

/** The units that carry named goods, none of which is loaded yet, where containers are stated. */
function notAboard({ alignment, load }: Journey, said: Certification): Set<string> {
  if (said.containers === null) return new Set();
  const aboard = new Set(load.aboard.flatMap((each) => each.units));
  return new Set(alignment.plan.cargo.flatMap((each) => each.units).filter((name) => !aboard.has(name)));
}

/** The units all of whose goods are unloaded here. */
function emptied({ alignment, load }: Journey, said: Certification): string[] {
  const position = alignment.stopOf(said.page)?.position;
  const goingOn = new Set(load.aboard.filter(({ unload }) => unload !== position).flatMap((each) => each.units));
  return load.aboard
    .filter(({ unload }) => unload === position)
    .flatMap((each) => each.units)
    .filter((name) => !goingOn.has(name));
}

/** Whether it came so late, or from a sender that nobody vouches for, that a person must look before discharge. */
function isRecordedLate(plan: Plan, said: Certification): boolean {
  if (plan.isBackdated || said.made === "corrected" || said.made === "exchanged") return false;
  if (!said.isVouched) return true;
  if (said.recordedAt <= said.at + CLOCK_TOLERANCE) return false;
  const until = endOf(said.at, plan.practice(said.office.territory).longest_offline_days);
  return until !== null && said.recordedAt > until;
}

/** Box 20, or the territory's own practice where it is blank or cannot be meant, and whether the office set it. */
export function timeLimit(plan: Plan, said: Certification): { at: number; isSet: boolean } {
  const practice = plan.practice(said.office.territory);
  if (said.timeLimitAt !== null && isPossibleLimit(practice, said.at, said.timeLimitAt)) {
    return { at: said.timeLimitAt, isSet: true };
  }
  return { at: said.at + practice.default_transit_days * DAY, isSet: false };
}

/** Whether box 20 can be meant: after the start, and within the longest limit that the territory sets. */
export function isPossibleLimit(practice: Practices, start: number, limit: number): boolean {
  const latest = endOf(start, practice.longest_time_limit_days);
  return start <= limit && (latest === null || limit <= latest);
}

/** The pairs that nobody stamped though the transport went on and the stamps around them do not meet. */
export function gapsIn(alignment: Alignment): Set<number> {
  const { plan, standing } = alignment;
  const end = Math.min(standing.used.at(-1) ?? 0, plan.legs.length + 1);
  const gaps = new Set<number>();
  for (let sequence = 1; sequence < end; sequence++) {
    if (standing.used.includes(sequence) || !plan.practice(plan.legs[sequence - 1]!.territory).reports) continue;
    const before = standing.used.findLast((used) => used < sequence) ?? null;
    const after = standing.used.find((used) => used > sequence)!;
    if (!meet(alignment, before, after)) gaps.add(sequence);
  }
  return gaps;
}

function meet({ plan, standing }: Alignment, before: number | null, after: number): boolean {
  if (before === null) return plan.presented;
  const [left, entered] = [standing.pair(before)[1], standing.pair(after)[0]];
  if (left === null || entered === null) return false;
  if (left.office.territory === entered.office.territory || left.isSuspension) return true;
  const [faced, facing] = [partnersOf(left), partnersOf(entered)];
  return faced.includes(entered.office.code) || faced.length === 0 || facing.length === 0;
}

function partnersOf(said: Certification): string[] {
  return partnersOn(said.office, dayOf(said));
}

/** The speed in km/h between two certifications in page order; null when it says nothing. */
function speed(before: Certification | null, after: Certification): number | null {
  if (before === null || before.isProof || after.isProof || after.at < before.at) return null;
  const distance = greatCircleKm(before.office, after.office);
  if (distance < SPEED_MATTERS_FROM_KM) return null;
  const hours = (after.at - before.at) / HOUR;
  return hours ? Math.min(halfToEven(distance / hours), FASTEST_RECORDED_KMH) : FASTEST_RECORDED_KMH;
}

function greatCircleKm(one: Office, other: Office): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [latitude, otherLatitude] = [radians(one.lat), radians(other.lat)];
  const chord =
    Math.sin((otherLatitude - latitude) / 2) ** 2 +
    Math.cos(latitude) * Math.cos(otherLatitude) * Math.sin((radians(other.lon) - radians(one.lon)) / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.sqrt(chord));
}

function halfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 ? floor + 1 : floor;
}
