// The rules of the checkpoint, in their order. Says what checkpoints/judging/rules.py says, and is held to it by the
// judged cases: a rule returns null when it holds, or the facts that break it.

import {
  type Carnet,
  type Exclusion,
  type FactValues,
  type Finding,
  type Level,
  type Office,
  type OperationFacts,
  operationOfPage,
  roleOfPage,
  type SideFacts,
} from "./facts";
import { DAY, HOUR, isApproved } from "./projection";

const CLOCK_TOLERANCE = 10 * 60_000;
const FASTEST_LORRY_KMH = 130;

/** One carnet before one office at one instant; `seen` is what the officer recorded, if anything yet. */
export interface Case {
  carnet: Carnet;
  facts: OperationFacts[];
  exclusions: Exclusion[];
  page: number;
  office: Office;
  at: number;
  now: number;
  suspensionDays: number;
  seen: SideFacts | null;
  packages: number | null;
  reservation: string;
}

interface Rule {
  code: string;
  level: Level;
  check: (judged: Case) => FactValues | null;
}

export const RULES: Rule[] = [
  { code: "page_range", level: "stop", check: pageIsInTheCarnet },
  { code: "page_not_planned", level: "stop", check: pageBelongsToAnOperation },
  { code: "wrong_territory", level: "stop", check: officeLiesInTheTerritory },
  { code: "occurred_in_future", level: "look", check: timeIsNotInTheFuture },
  { code: "occurred_before_issue", level: "look", check: timeIsAfterTheIssue },
  { code: "not_in_circulation", level: "stop", check: carnetIsInCirculation },
  { code: "carnet_returned", level: "stop", check: ({ carnet }) => (carnet.returned ? {} : null) },
  { code: "expired_at_accept", level: "stop", check: carnetIsAcceptedInTime },
  { code: "holder_not_authorised", level: "stop", check: holderIsAuthorised },
  { code: "holder_excluded", level: "stop", check: holderIsNotExcludedHere },
  { code: "guarantee_not_in_force", level: "stop", check: guaranteeIsInForce },
  { code: "approval_expired", level: "stop", check: approvalIsValid },
  { code: "office_role_not_approved", level: "stop", check: officeIsApprovedForTheRole },
  { code: "missing_stamp", level: "look", check: earlierPagesAreStamped },
  { code: "out_of_order", level: "look", check: pagesFollowTheJourney },
  { code: "wrong_country_seq", level: "look", check: entryFacesTheLastExit },
  { code: "seal_mismatch", level: "look", check: sealsAreThoseExpected },
  { code: "seal_broken_no_pv", level: "look", check: brokenSealsHaveAReport },
  { code: "vehicle_changed", level: "look", check: vehiclesAreThoseOfTheCarnet },
  { code: "packages_differ", level: "look", check: packagesAreThoseExpected },
  { code: "reservation", level: "note", check: ({ reservation }) => (reservation ? { reservation } : null) },
  { code: "late", level: "look", check: timeLimitIsKept },
  { code: "impossible_speed", level: "look", check: distanceCanBeDriven },
  { code: "suspended_too_long", level: "look", check: suspensionWasNotTooLong },
  { code: "start_was_refused", level: "look", check: startWasNotRefused },
  { code: "wrong_office", level: "note", check: officeIsTheOnePlanned },
];

export function findings(judged: Case): Finding[] {
  return RULES.flatMap(({ code, level, check }) => {
    const facts = check(judged);
    return facts === null ? [] : [{ code, level, facts }];
  });
}

const isStart = (judged: Case) => judged.page % 2 === 1;
const isAcceptance = (judged: Case) => judged.page === 1;
const operation = (judged: Case) => operationOfPage(judged.carnet, judged.page);
const own = (judged: Case) => judged.facts[Math.floor((judged.page - 1) / 2)];
const dayOf = (judged: Case) => new Date(judged.at).toISOString().slice(0, 10);
const instant = (at: number) => new Date(at).toISOString();

export function sideOf(facts: OperationFacts[], page: number): SideFacts | undefined {
  const both = facts[Math.floor((page - 1) / 2)];
  return page % 2 ? both?.start : both?.termination;
}

function pageIsInTheCarnet({ page, carnet }: Case): FactValues | null {
  return page >= 1 && page <= carnet.vouchers ? null : { page, vouchers: carnet.vouchers };
}

function pageBelongsToAnOperation(judged: Case): FactValues | null {
  const { page, carnet } = judged;
  if (operation(judged) || page < 1 || page > carnet.vouchers) return null;
  return { page, pages: 2 * carnet.operations.length };
}

function officeLiesInTheTerritory(judged: Case): FactValues | null {
  const planned = operation(judged);
  if (!planned || planned.territory === judged.office.territory) return null;
  return { page: judged.page, territory: planned.territory, office_territory: judged.office.territory };
}

function timeIsNotInTheFuture({ at, now }: Case): FactValues | null {
  return at <= now + CLOCK_TOLERANCE ? null : { occurred_at: instant(at) };
}

function timeIsAfterTheIssue({ at, carnet }: Case): FactValues | null {
  if (at >= Date.parse(carnet.issued_at) - CLOCK_TOLERANCE) return null;
  return { occurred_at: instant(at), issued_at: carnet.issued_at };
}

/** Expired unused is not out of circulation: acceptance itself is judged by its own rule. */
function carnetIsInCirculation({ carnet }: Case): FactValues | null {
  if (carnet.control === "" || carnet.control === "expired") return null;
  return { control: carnet.control };
}

function carnetIsAcceptedInTime(judged: Case): FactValues | null {
  const { acceptance_until } = judged.carnet;
  return !isAcceptance(judged) || dayOf(judged) <= acceptance_until ? null : { acceptance_until };
}

function holderIsAuthorised(judged: Case): FactValues | null {
  const { holder } = judged.carnet;
  if (!isStart(judged) || holder.status === "authorised") return null;
  return { holder: holder.id, status: holder.status };
}

function holderIsNotExcludedHere(judged: Case): FactValues | null {
  const { country } = judged.office;
  const isExcluded = judged.exclusions.some(
    (each) => each.country === country && covers(each.valid_from, each.valid_to, dayOf(judged)),
  );
  return isStart(judged) && isExcluded ? { holder: judged.carnet.holder.id, country } : null;
}

function guaranteeIsInForce(judged: Case): FactValues | null {
  const { reference, valid_from, valid_to } = judged.carnet.guarantee;
  if (!isAcceptance(judged) || covers(valid_from, valid_to, dayOf(judged))) return null;
  return { guarantee: reference };
}

/** From the first day up to, not including, the last. */
function covers(from: string, to: string | null, day: string): boolean {
  return from <= day && (to === null || day < to);
}

/** A certificate that expires under way stays good to the destination, so only the first voucher asks. */
function approvalIsValid(judged: Case): FactValues | null {
  const expires = judged.carnet.approval_until;
  if (!isAcceptance(judged) || expires === null || dayOf(judged) <= expires) return null;
  return { expired: expires };
}

function officeIsApprovedForTheRole(judged: Case): FactValues | null {
  const planned = operation(judged);
  if (!planned || isApproved(judged.page, judged.office.roles, judged.carnet.operations)) return null;
  return { office: judged.office.code, role: roleOfPage(planned, judged.page) };
}

function earlierPagesAreStamped({ facts, page }: Case): FactValues | null {
  for (let earlier = 1; earlier < Math.min(page, 2 * facts.length + 1); earlier++) {
    if (sideOf(facts, earlier)?.at === null) return { missing: earlier };
  }
  return null;
}

function pagesFollowTheJourney({ facts, page, at }: Case): FactValues | null {
  for (let other = 1; other <= 2 * facts.length; other++) {
    const stamped = sideOf(facts, other)?.at ?? null;
    if (stamped === null || other === page) continue;
    if ((page > other && stamped < at) || (page < other && stamped > at) || stamped === at) continue;
    return { later: other };
  }
  return null;
}

function entryFacesTheLastExit(judged: Case): FactValues | null {
  const planned = operation(judged);
  if (!planned || roleOfPage(planned, judged.page) !== "entry" || judged.page < 2) return null;
  const left = leftBefore(judged);
  const { partners } = judged.office;
  if (!left || left.termination.at === null || left.isSuspended || partners.length === 0) return null;
  return partners.includes(left.termination.office) ? null : { exit: left.termination.office };
}

/** The operation before this one. */
function leftBefore(judged: Case): OperationFacts | undefined {
  return judged.facts[Math.floor((judged.page - 1) / 2) - 1];
}

/** Broken seals are a rule of their own. */
function sealsAreThoseExpected({ seen }: Case): FactValues | null {
  if (!seen?.sealsFound || !seen.sealsExpected || seen.sealsIntact === false) return null;
  const expected = new Set(seen.sealsExpected);
  const isSame = expected.size === seen.sealsFound.length && seen.sealsFound.every((seal) => expected.has(seal));
  return isSame ? null : { expected: seen.sealsExpected, found: seen.sealsFound };
}

function brokenSealsHaveAReport({ seen, page }: Case): FactValues | null {
  return seen?.sealsIntact === false && !seen.isReported ? { page } : null;
}

function vehiclesAreThoseOfTheCarnet({ seen, carnet }: Case): FactValues | null {
  return !seen || seen.vehiclesAgree ? null : { plates: carnet.plates };
}

function packagesAreThoseExpected(judged: Case): FactValues | null {
  const expected = own(judged)?.packagesExpected ?? null;
  if (judged.packages === null || expected === null || expected === judged.packages) return null;
  return { packages: judged.packages, expected };
}

function timeLimitIsKept(judged: Case): FactValues | null {
  const limit = own(judged)?.timeLimitAt ?? null;
  const planned = operation(judged);
  if (isStart(judged) || limit === null || !planned || judged.at <= limit + planned.grace_hours * HOUR) return null;
  return { time_limit: instant(limit) };
}

function distanceCanBeDriven({ seen }: Case): FactValues | null {
  const speed = seen?.speedKmh ?? null;
  return speed === null || speed <= FASTEST_LORRY_KMH ? null : { speed_kmh: speed };
}

function suspensionWasNotTooLong(judged: Case): FactValues | null {
  if (!isStart(judged) || judged.page < 2 || !own(judged)) return null;
  const left = leftBefore(judged);
  const since = left?.termination.at ?? null;
  if (since === null || !left?.isSuspended || judged.at - since <= judged.suspensionDays * DAY) return null;
  return { since: instant(since), days: judged.suspensionDays };
}

function startWasNotRefused(judged: Case): FactValues | null {
  return isStart(judged) && own(judged)?.status === "refused" ? { page: judged.page } : null;
}

function officeIsTheOnePlanned(judged: Case): FactValues | null {
  const row = operation(judged);
  if (!row) return null;
  const planned = isStart(judged) ? row.planned_start : row.planned_end;
  return planned === judged.office.code ? null : { planned, office: judged.office.code };
}
