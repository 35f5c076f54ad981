// What the stamps of one carnet add up to: the same evidence gives the same facts whatever order it arrived in.
// Says in TypeScript what carnets/projection/facts.py says, and is held to it by the judged cases.

import type { Carnet, Office, Operation, OperationFacts, Report, Role, SideFacts, Stamp } from "./facts";
import { EARTH_KM, FASTEST_RECORDED_KMH, REPORT_MAY_FOLLOW, SPEED_MATTERS_FROM_KM } from "./generated";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const NOTHING: SideFacts = {
  stamp: null,
  at: null,
  office: "",
  sealsIntact: null,
  sealsExpected: null,
  sealsFound: null,
  isReported: false,
  vehiclesAgree: true,
  speedKmh: null,
};

export type OfficeOf = (code: string) => Office | undefined;

/** A walk along the pages carries this from one stamp to the next; seals are null while nobody recorded any. */
interface Journey {
  plates: Set<string>;
  seals: Set<string> | null;
  latest: Stamp | null;
  reports: Report[];
}

/** Return the facts of every operation, in sequence. */
export function project(carnet: Carnet, stamps: Stamp[], officeOf: OfficeOf): OperationFacts[] {
  const standing = standingStamps(stamps);
  const sides = walk(carnet, standing, officeOf).sides;
  const carried = packagesCarried(carnet, standing);
  return carnet.operations.map((operation) => operationFacts(operation, carnet, standing, sides, carried));
}

/** Return the seals that should be on the lorry now; null while no office recorded any. */
export function expectedSeals(carnet: Carnet, stamps: Stamp[], officeOf: OfficeOf): string[] | null {
  const { journey } = walk(carnet, standingStamps(stamps), officeOf);
  let { seals } = journey;
  for (const report of journey.reports) seals = afterReport(seals, report, true);
  return seals && [...seals].sort();
}

/** Of several stamps on a page the earliest, then the lowest id, stands; one cancelled by its own office does not count. */
export function standingStamps(stamps: Stamp[]): Map<number, Stamp> {
  const known = new Map(stamps.map((stamp) => [stamp.id, stamp]));
  const cancelled = new Set(
    stamps.filter((stamp) => stamp.cancels && mayCancel(stamp, known.get(stamp.cancels))).map((stamp) => stamp.cancels),
  );
  const standing = new Map<number, Stamp>();
  for (const stamp of [...known.values()].sort(byTime)) {
    if (!stamp.cancels && !cancelled.has(stamp.id) && !standing.has(stamp.page)) standing.set(stamp.page, stamp);
  }
  return standing;
}

function mayCancel(cancelling: Stamp, target: Stamp | undefined): boolean {
  return (
    target !== undefined &&
    !target.cancels &&
    target.page === cancelling.page &&
    target.office === cancelling.office
  );
}

function byTime(one: { occurred_at: string; id: string }, other: { occurred_at: string; id: string }): number {
  return at(one) - at(other) || (one.id < other.id ? -1 : 1);
}

function at(evidence: { occurred_at: string }): number {
  return Date.parse(evidence.occurred_at);
}

function walk(carnet: Carnet, standing: Map<number, Stamp>, officeOf: OfficeOf) {
  const reports = [...carnet.reports].sort(byTime);
  const journey: Journey = { plates: new Set(carnet.plates), seals: null, latest: null, reports };
  const sides = new Map<number, SideFacts>();
  for (const page of [...standing.keys()].sort((one, other) => one - other)) {
    sides.set(page, side(standing.get(page)!, journey, officeOf));
  }
  return { journey, sides };
}

/** Compare one stamp with the journey so far, then move the journey past it. */
function side(stamp: Stamp, journey: Journey, officeOf: OfficeOf): SideFacts {
  const reports = takeReports(stamp, journey);
  const vehicles = stamp.vehicles ?? [];
  const found = stamp.seals?.found ?? null;
  const facts: SideFacts = {
    stamp: stamp.id,
    at: at(stamp),
    office: stamp.office,
    sealsIntact: stamp.seals?.intact ?? null,
    sealsExpected: journey.seals && [...journey.seals].sort(),
    sealsFound: found && [...new Set(found)].sort(),
    isReported: reports.some((report) => report.about_seals),
    vehiclesAgree: vehicles.every((plate) => journey.plates.has(plate)),
    speedKmh: speed(journey.latest, stamp, officeOf),
  };
  for (const plate of vehicles) journey.plates.add(plate);
  const drawnUpAfter = reports.filter((report) => at(report) > at(stamp));
  journey.seals = sealsAfter(stamp, journey.seals, drawnUpAfter);
  journey.latest = stamp;
  return facts;
}

/** Take in the reports drawn up before this stamp, or by its own office just after it. */
function takeReports(stamp: Stamp, journey: Journey): Report[] {
  const due = journey.reports.filter((report) => belongsBefore(report, stamp));
  journey.reports = journey.reports.filter((report) => !due.includes(report));
  for (const report of due) {
    for (const plate of report.vehicles) journey.plates.add(plate);
    journey.seals = afterReport(journey.seals, report, at(report) <= at(stamp));
  }
  return due;
}

function belongsBefore(report: Report, stamp: Stamp): boolean {
  if (at(report) <= at(stamp)) return true;
  return at(report) <= at(stamp) + REPORT_MAY_FOLLOW && report.office === stamp.office;
}

function afterReport(seals: Set<string> | null, report: Report, withAffixed: boolean): Set<string> | null {
  if (seals === null) return null;
  const left = [...seals].filter((seal) => !report.seals_broken.includes(seal));
  return new Set(withAffixed ? [...left, ...report.seals_affixed] : left);
}

/** What an office found is what the next one should find, with what was affixed added. */
function sealsAfter(stamp: Stamp, before: Set<string> | null, reports: Report[]): Set<string> | null {
  const found = stamp.seals?.found;
  const seals = found ? new Set(found) : before;
  const affixed = stamp.seals?.affixed;
  const added = [affixed, ...reports.map((report) => report.seals_affixed).filter((each) => each.length > 0)];
  const given = added.filter((each) => each !== null && each !== undefined);
  return given.length > 0 ? new Set([...(seals ?? []), ...given.flat()]) : seals;
}

/** Whether an office with these roles may certify the page (art. 45); where a pair of vouchers ends at an additional
 * office of departure, its own role will do. */
export function isApproved(page: number, roles: Role[], operations: Operation[]): boolean {
  const index = Math.floor((page - 1) / 2);
  const operation = operations[index];
  if (!operation) return false;
  if (page % 2) return roles.includes(operation.start_role);
  const goesOn = operations[index + 1]?.start_role === "departure";
  return roles.includes(operation.termination_role) || (goesOn && roles.includes("departure"));
}

/** Return the speed in km/h between two stamps in page order; null when it says nothing. */
function speed(before: Stamp | null, after: Stamp, officeOf: OfficeOf): number | null {
  if (before === null || at(after) < at(before)) return null;
  const [from, to] = [officeOf(before.office), officeOf(after.office)];
  if (!from || !to) return null;
  const distance = greatCircleKm(from, to);
  if (distance < SPEED_MATTERS_FROM_KM) return null;
  const hours = (at(after) - at(before)) / HOUR;
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

/** Return, by operation, how many packages its termination should count; null where nothing can be compared. */
function packagesCarried(carnet: Carnet, standing: Map<number, Stamp>): Map<number, number | null> {
  let carried: number | null = carnet.packages;
  const expected = new Map<number, number | null>();
  const latest = carnet.operations.at(-1)?.sequence;
  for (const operation of carnet.operations) {
    const stamp = standing.get(2 * operation.sequence);
    const unloads =
      (operation.termination_role === "destination" && operation.sequence !== latest) || stamp?.partial === true;
    expected.set(operation.sequence, unloads ? null : carried);
    if (unloads && carried !== null) {
      const unloaded = stamp?.packages ?? null;
      carried = unloaded === null ? null : Math.max(carried - unloaded, 0);
    }
  }
  return expected;
}

function operationFacts(
  operation: Operation,
  carnet: Carnet,
  standing: Map<number, Stamp>,
  sides: Map<number, SideFacts>,
  carried: Map<number, number | null>,
): OperationFacts {
  const [first, second] = [2 * operation.sequence - 1, 2 * operation.sequence];
  const [start, end] = [standing.get(first), standing.get(second)];
  const notStarted = carnet.refused.includes(first) ? "refused" : "expected";
  return {
    sequence: operation.sequence,
    status: end ? "terminated" : start ? "started" : notStarted,
    start: sides.get(first) ?? NOTHING,
    termination: sides.get(second) ?? NOTHING,
    timeLimitAt: start ? timeLimit(start, operation.default_transit_days) : null,
    packagesExpected: end ? (carried.get(operation.sequence) ?? null) : null,
    isSuspended: end?.suspension === true,
  };
}

/** Box 20, or the territory's own practice when the office left it blank. */
function timeLimit(start: Stamp, defaultDays: number): number {
  return start.time_limit ? Date.parse(start.time_limit) : at(start) + defaultDays * DAY;
}
