// Rules about the journey: does this stamp follow from the plan and from those before it? (checkpoints/judging/journey.py)

import { type Case, dayOfCase, doesHere, left, own, seen, startsHere } from "./case";
import { endOf, HOUR, instant } from "./days";
import { partnersOn } from "./evidence";
import { hasEvidence } from "./facts";
import { FASTEST_LORRY_KMH } from "./generated";
import type { FactValues } from "./held";
import { isPossibleLimit } from "./walk";
import { operationOf } from "./vouchers";

export function pageIsPlannedForTheTerritory({ alignment, before, page, office }: Case): FactValues | null {
  if (alignment.isPlanned(page, office.territory)) return null;
  return { page, planned: before.stopOf(page)?.office ?? null, office_territory: office.territory };
}

export function transportHasNotEnded(judged: Case): FactValues | null {
  const { before, at } = judged;
  if (!startsHere(judged)) return null;
  const ends = before.standing.used.filter((used) => before.isFinal(used)).map((used) => before.standing.pair(used)[1]!);
  const ended = ends.find((end) => end.at <= at);
  return ended ? { office: ended.office.code, ended_at: instant(ended.at) } : null;
}

export function goodsAreLoadedBeforeAnyIsUnloaded(judged: Case): FactValues | null {
  return startsHere(judged) && own(judged)?.isAfterUnload ? { page: judged.page } : null;
}

export function timeLimitCanBeMeant(judged: Case): FactValues | null {
  const { said, plan, office } = judged;
  if (!said || said.timeLimitAt === null || !startsHere(judged)) return null;
  if (isPossibleLimit(plan.practice(office.territory), said.at, said.timeLimitAt)) return null;
  return { time_limit: instant(said.timeLimitAt) };
}

export function earlierPagesAreStamped(judged: Case): FactValues | null {
  const pages: number[] = [];
  for (let page = 1; page < judged.page; page++) if (isMissing(judged, page)) pages.push(page);
  return pages.length > 0 ? { missing: pages[0]!, pages: pages.map(String) } : null;
}

function isMissing({ alignment, facts }: Case, page: number): boolean {
  if (alignment.standing.on(page) !== null) return false;
  const operation = facts[operationOf(page) - 1]!;
  return hasEvidence(operation) || operation.isGap;
}

export function pagesFollowTheJourney({ alignment, page, at }: Case): FactValues | null {
  const pages = [...alignment.standing.byPage].sort(([one], [other]) => one - other);
  const odd = pages.find(([other, said]) => (other < page && said.at > at) || (other > page && said.at < at));
  return odd ? { later: odd[0], at: instant(odd[1].at) } : null;
}

export function entryFacesTheLastExit(judged: Case): FactValues | null {
  const before = left(judged);
  if (doesHere(judged) !== "entry" || !startsHere(judged) || !before?.termination) return null;
  if (before.sequence !== operationOf(judged.page) - 1) return null; // what lies between is missing, or does not report
  const partners = partnersOn(judged.office, dayOfCase(judged));
  const { said } = before.termination;
  if (said.isProof) return null; // a proof is accepted somewhere, not stamped
  const exit = said.office.code;
  return before.isSuspended || partners.length === 0 || partners.includes(exit) ? null : { exit, expected: partners };
}

/** Only a limit that an office set (box 20) can be late: art. 20 says that it may fix one, not that there is one. */
export function timeLimitIsKept(judged: Case): FactValues | null {
  const facts = own(judged);
  if (startsHere(judged) || !facts || facts.timeLimitAt === null || !facts.isTimeLimitSet) return null;
  const grace = judged.plan.practice(facts.territory ?? "").grace_hours * HOUR;
  return judged.at <= facts.timeLimitAt + grace ? null : { time_limit: instant(facts.timeLimitAt) };
}

export function distanceCanBeDriven(judged: Case): FactValues | null {
  const speed = seen(judged)?.speedKmh ?? null;
  return speed === null || speed <= FASTEST_LORRY_KMH ? null : { speed_kmh: speed };
}

/** The clock is that of the territory where the transport was suspended, not the office's own. */
export function suspensionWasNotTooLong(judged: Case): FactValues | null {
  const before = left(judged);
  if (!startsHere(judged) || !before?.isSuspended || !before.termination) return null;
  const since = before.termination.said.at;
  const until = endOf(since, judged.plan.practice(before.territory ?? "").suspension_days);
  return until === null || judged.at <= until ? null : { since: instant(since), until: instant(until) };
}

export function startWasNotRefused(judged: Case): FactValues | null {
  return startsHere(judged) && own(judged)?.wasRefused ? { page: judged.page } : null;
}

export function officeIsTheOnePlanned({ alignment, page, office }: Case): FactValues | null {
  const stop = alignment.stopOf(page);
  return stop === null || stop.office === office.code ? null : { planned: stop.office, office: office.code };
}
