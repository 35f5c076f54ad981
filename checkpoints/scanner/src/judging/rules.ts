// The rules of the checkpoint by their names: names, codes, levels and order are the server's own (generated.ts); that a check
// says the same as there the judged cases hold it to. Each returns null when its rule holds, or the facts that break it.

import { type Case, own, seen, startsHere } from "./case";
import { type Level, type RuleName, RULES } from "./generated";
import type { FactValues, Finding, Verdict } from "./held";
import * as journey from "./journey";
import * as load from "./load";
import * as validity from "./validity";

type Check = (judged: Case) => FactValues | null;

/** What is presented: the verdict follows these at each tap. */
const STATED = {
  seals_are_those_expected: load.sealsAreThoseExpected,
  broken_seals_have_a_certified_report: load.brokenSealsHaveAReport,
  seals_are_checked_at_termination: load.sealsAreCheckedAtTermination,
  seals_are_on_record_when_it_starts: load.sealsAreOnRecordWhenItStarts,
  units_are_those_of_the_carnet: load.unitsAreThoseOfTheCarnet,
  packages_are_certified_at_termination: load.packagesAreCertifiedAtTermination,
  packages_are_those_expected: load.packagesAreThoseExpected,
  mass_is_that_of_the_manifest: load.massIsThatOfTheManifest,
  termination_is_without_reservation: load.terminationIsWithoutReservation,
  seals_and_plates_are_spelt_alike: load.sealsAndPlatesAreSpeltAlike,
} satisfies Partial<Record<RuleName, (stated: load.Stated) => FactValues | null>>;
type StatedRule = keyof typeof STATED;

const isStated = (name: RuleName): name is StatedRule => name in STATED;

const CHECKS: Record<Exclude<RuleName, StatedRule>, Check> = {
  page_is_in_the_carnet: validity.pageIsInTheCarnet,
  what_is_certified_has_a_box: validity.whatIsCertifiedHasABox,
  packages_are_certified_on_the_second_voucher: validity.packagesAreCertifiedOnTheSecondVoucher,
  time_is_not_in_the_future: validity.timeIsNotInTheFuture,
  clock_is_not_behind: validity.clockIsNotBehind,
  stamp_arrives_in_time_from_a_known_device: validity.stampArrivesInTime,
  time_is_after_the_issue: validity.timeIsAfterTheIssue,
  carnet_is_in_circulation: validity.carnetIsInCirculation,
  carnet_was_not_returned: validity.carnetWasNotReturned,
  carnet_is_accepted_in_time: validity.carnetIsAcceptedInTime,
  holder_is_authorised: validity.holderIsAuthorised,
  holder_is_not_excluded_here: validity.holderIsNotExcludedHere,
  territory_has_a_guarantor: validity.territoryHasAGuarantor,
  approval_is_valid_when_the_transport_starts: validity.approvalIsValid,
  office_is_approved_that_day: validity.officeIsApprovedThatDay,
  office_is_approved_for_the_role: validity.officeIsApprovedForTheRole,
  page_is_planned_for_the_territory: journey.pageIsPlannedForTheTerritory,
  transport_has_not_ended: journey.transportHasNotEnded,
  goods_are_loaded_before_any_is_unloaded: journey.goodsAreLoadedBeforeAnyIsUnloaded,
  time_limit_can_be_meant: journey.timeLimitCanBeMeant,
  earlier_pages_are_stamped: journey.earlierPagesAreStamped,
  pages_follow_the_journey: journey.pagesFollowTheJourney,
  entry_faces_the_last_exit: journey.entryFacesTheLastExit,
  time_limit_is_kept: journey.timeLimitIsKept,
  distance_can_be_driven_in_the_time: journey.distanceCanBeDriven,
  suspension_was_not_too_long: journey.suspensionWasNotTooLong,
  start_was_not_refused_before: journey.startWasNotRefused,
  office_is_the_one_planned: journey.officeIsTheOnePlanned,
};

/** Where a rule that stops asks for a closer look only: from offline it has happened already, and what is presented at a No. 2
 * goes on record. */
const EASED: Record<NonNullable<(typeof RULES)[number]["eased"]>, (judged: Case) => boolean> = {
  at_termination: (judged) => !startsHere(judged),
  from_offline: ({ isOnline }) => !isOnline,
};

/** Judge every rule, in the server's order. */
export function findings(judged: Case): Finding[] {
  return RULES.flatMap(({ name, code, level, eased }) => {
    const facts = check(name, judged);
    if (facts === null) return [];
    return [{ code, level: eased && EASED[eased](judged) ? "look" : level, facts }];
  });
}

function check(name: RuleName, judged: Case): FactValues | null {
  return isStated(name) ? STATED[name](statedIn(judged)) : CHECKS[name](judged);
}

function statedIn(judged: Case): load.Stated {
  const { page, said } = judged;
  return { page, said, side: seen(judged), areSealsUnknown: own(judged)?.start?.areSealsUnknown ?? false };
}

/** Judge a statement before there is a stamp. */
export function findingsOfStatement(stated: load.Stated): Finding[] {
  return RULES.flatMap(({ name, code, level }) => {
    const facts = isStated(name) ? STATED[name](stated) : null;
    return facts === null ? [] : [{ code, level, facts }];
  });
}

export function verdictOf(found: readonly { level: Level }[]): Verdict {
  if (found.some(({ level }) => level === "stop")) return "stop";
  return found.some(({ level }) => level === "look") ? "look" : "go";
}
