// Rules about the paper, the clock, the holder and the office (checkpoints/judging/validity.py).

import { type Case, dayOfCase, isAcceptance, roleHere, seen, startsHere } from "./case";
import { covers, instant } from "./days";
import { isApprovedOn } from "./evidence";
import { CLOCK_TOLERANCE } from "./generated";
import type { FactValues } from "./held";

export function pageIsInTheCarnet({ page, carnet }: Case): FactValues | null {
  return page >= 1 && page <= carnet.vouchers ? null : { page, vouchers: carnet.vouchers };
}

export function whatIsCertifiedHasABox(judged: Case): FactValues | null {
  const { said, page } = judged;
  if (said === null || !startsHere(judged)) return null;
  const named = {
    reservation: said.reservation !== "",
    goes_on: said.goesOn,
    suspension: said.isSuspension,
    ends_here: said.endsHere,
  };
  const wrong = Object.entries(named).flatMap(([name, isSaid]) => (isSaid ? [name] : []));
  return wrong.length > 0 ? { page, said: wrong } : null;
}

export function packagesAreCertifiedOnTheSecondVoucher(judged: Case): FactValues | null {
  const packages = judged.said?.packages ?? null;
  return packages === null || !startsHere(judged) || judged.plan.presented ? null : { packages };
}

export function timeIsNotInTheFuture({ at, now }: Case): FactValues | null {
  return at <= now + CLOCK_TOLERANCE ? null : { occurred_at: instant(at), now: instant(now) };
}

export function clockIsNotBehind({ said, isOnline, plan, at, now }: Case): FactValues | null {
  if (said === null || !isOnline || plan.isBackdated || at >= now - CLOCK_TOLERANCE) return null;
  return { occurred_at: instant(at), now: instant(now) };
}

export function stampArrivesInTime(judged: Case): FactValues | null {
  if (judged.said === null || !seen(judged)?.isRecordedLate) return null;
  return { occurred_at: instant(judged.at), now: instant(judged.now) };
}

export function timeIsAfterTheIssue({ at, carnet }: Case): FactValues | null {
  if (at >= Date.parse(carnet.issued_at) - CLOCK_TOLERANCE) return null;
  return { occurred_at: instant(at), issued_at: carnet.issued_at };
}

/** Expired unused is not out of circulation: acceptance itself is judged by its own rule. */
export function carnetIsInCirculation({ carnet: { control } }: Case): FactValues | null {
  return control === "" || control === "expired" ? null : { control };
}

export function carnetWasNotReturned({ carnet }: Case): FactValues | null {
  return carnet.returned ? {} : null;
}

export function carnetIsAcceptedInTime(judged: Case): FactValues | null {
  const { acceptance_until } = judged.carnet;
  return !isAcceptance(judged) || dayOfCase(judged) <= acceptance_until ? null : { acceptance_until };
}

/** Accepted in time a carnet stays valid to the end (art. 9(2)), so only the first acceptance asks. */
export function holderIsAuthorised(judged: Case): FactValues | null {
  const { holder } = judged.carnet;
  return !isAcceptance(judged) || holder.status === "authorised" ? null : { holder: holder.id, status: holder.status };
}

export function holderIsNotExcludedHere(judged: Case): FactValues | null {
  const { country } = judged.office;
  const day = dayOfCase(judged);
  const isExcluded = judged.exclusions.some(
    ({ country: by, valid_from: from, valid_to: to }) =>
      (by === country || judged.excluding.has(by)) && covers({ from, to }, day),
  );
  return startsHere(judged) && isExcluded ? { holder: judged.carnet.holder.id, country } : null;
}

export function territoryHasAGuarantor(judged: Case): FactValues | null {
  return !startsHere(judged) || judged.hasGuarantor ? null : { country: judged.office.country };
}

/** A certificate that expires under way stays good to the destination, so only the first voucher asks. */
export function approvalIsValid(judged: Case): FactValues | null {
  const expires = judged.carnet.approval_until;
  return !isAcceptance(judged) || expires === null || dayOfCase(judged) <= expires ? null : { expired: expires };
}

export function officeIsApprovedThatDay(judged: Case): FactValues | null {
  const on = dayOfCase(judged);
  return isApprovedOn(judged.office, on) ? null : { office: judged.office.code, on };
}

export function officeIsApprovedForTheRole(judged: Case): FactValues | null {
  const role = roleHere(judged);
  return judged.office.roles.includes(role) ? null : { office: judged.office.code, role };
}
