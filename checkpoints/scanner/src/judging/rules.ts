// The checks of the checkpoint's rules by their names: each returns null when its rule holds, or the facts that break it.
// Names, codes, levels and order are the server's own (generated.ts); that a check says the same as there the judged cases hold it to.

import {
  type Carnet,
  type Exclusion,
  type FactValues,
  type Finding,
  type Office,
  type OperationFacts,
  operationOfPage,
  roleOfPage,
  type SideFacts,
} from "./facts";
import { CLOCK_TOLERANCE, FASTEST_LORRY_KMH, type RuleCode, type RuleName, RULES } from "./generated";
import { DAY, HOUR, isApproved } from "./projection";

/** One carnet before one office at one instant; `seen` is what the officer recorded, if anything yet. */
export interface Case extends Stated {
  carnet: Carnet;
  facts: OperationFacts[];
  exclusions: Exclusion[];
  office: Office;
  at: number;
  now: number;
  /** By territory; null where no clock limits it. */
  suspensionDays: ReadonlyMap<string, number | null>;
}

/** What an officer states, with what it is compared with: enough for some rules, without the rest of the case. */
export interface Stated {
  page: number;
  seen: SideFacts | null;
  packages: number | null;
  packagesExpected: number | null;
  reservation: string;
}

type Check = (judged: Case) => FactValues | null;

/** The verdict follows these at each tap. */
const STATED = {
  seals_are_those_expected: sealsAreThoseExpected,
  broken_seals_have_a_certified_report: brokenSealsHaveAReport,
  packages_are_those_expected: packagesAreThoseExpected,
  termination_is_without_reservation: ({ reservation }) => (reservation ? { reservation } : null),
} satisfies Partial<Record<RuleName, (stated: Stated) => FactValues | null>>;

const CHECKS: Record<RuleName, Check> = {
  ...STATED,
  page_is_in_the_carnet: pageIsInTheCarnet,
  page_belongs_to_an_operation: pageBelongsToAnOperation,
  office_lies_in_the_territory_of_the_page: officeLiesInTheTerritory,
  time_is_not_in_the_future: timeIsNotInTheFuture,
  time_is_after_the_issue: timeIsAfterTheIssue,
  carnet_is_in_circulation: carnetIsInCirculation,
  carnet_was_not_returned: ({ carnet }) => (carnet.returned ? {} : null),
  carnet_is_accepted_in_time: carnetIsAcceptedInTime,
  holder_is_authorised: holderIsAuthorised,
  holder_is_not_excluded_here: holderIsNotExcludedHere,
  guarantee_is_in_force_at_acceptance: guaranteeIsInForce,
  approval_is_valid_when_the_transport_starts: approvalIsValid,
  office_is_approved_for_the_role: officeIsApprovedForTheRole,
  earlier_pages_are_stamped: earlierPagesAreStamped,
  pages_follow_the_journey: pagesFollowTheJourney,
  entry_faces_the_last_exit: entryFacesTheLastExit,
  vehicles_are_those_of_the_carnet: vehiclesAreThoseOfTheCarnet,
  time_limit_is_kept: timeLimitIsKept,
  distance_can_be_driven_in_the_time: distanceCanBeDriven,
  suspension_was_not_too_long: suspensionWasNotTooLong,
  start_was_not_refused_before: startWasNotRefused,
  office_is_the_one_planned: officeIsTheOnePlanned,
};

/** Judge every rule, or only some of them, in the server's order. */
export function findings(judged: Case, among: ReadonlySet<RuleCode> | null = null): Finding[] {
  return RULES.flatMap(({ name, code, level }) => {
    const facts = among === null || among.has(code) ? CHECKS[name](judged) : null;
    return facts === null ? [] : [{ code, level, facts }];
  });
}

/** Judge a statement before there is a stamp. */
export function findingsOfStatement(stated: Stated): Finding[] {
  return RULES.flatMap(({ name, code, level }) => {
    const facts = name in STATED ? STATED[name as keyof typeof STATED](stated) : null;
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
function sealsAreThoseExpected({ seen }: Stated): FactValues | null {
  if (!seen?.sealsFound || !seen.sealsExpected || seen.sealsIntact === false) return null;
  const expected = new Set(seen.sealsExpected);
  const isSame = expected.size === seen.sealsFound.length && seen.sealsFound.every((seal) => expected.has(seal));
  return isSame ? null : { expected: seen.sealsExpected, found: seen.sealsFound };
}

function brokenSealsHaveAReport({ seen, page }: Stated): FactValues | null {
  return seen?.sealsIntact === false && !seen.isReported ? { page } : null;
}

function vehiclesAreThoseOfTheCarnet({ seen, carnet }: Case): FactValues | null {
  return !seen || seen.vehiclesAgree ? null : { plates: carnet.plates };
}

function packagesAreThoseExpected({ packages, packagesExpected: expected }: Stated): FactValues | null {
  return packages === null || expected === null || expected === packages ? null : { packages, expected };
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
  const days = suspensionDaysBefore(judged);
  if (since === null || !left?.isSuspended || days === null || judged.at - since <= days * DAY) return null;
  return { since: instant(since), days };
}

/** The clock is that of the territory where the transport was suspended, not the office's own. */
function suspensionDaysBefore({ page, carnet, suspensionDays }: Case): number | null {
  const before = operationOfPage(carnet, page - 2);
  return (before && suspensionDays.get(before.territory)) ?? null;
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
