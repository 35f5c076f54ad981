// Rules about what is presented: seals, vehicles and containers, packages, mass (checkpoints/judging/load.py). A blank is not
// a certificate.

import { type Case, own, seen, startsHere, terminating } from "./case";
import type { FactValues } from "./held";

/** Broken seals are a rule of their own. */
export function sealsAreThoseExpected(judged: Case): FactValues | null {
  const found = seen(judged)?.found;
  if (!found || found.agree !== false || found.intact === false) return null;
  return { expected: found.expected ?? [], found: found.found ?? [] };
}

export function brokenSealsHaveAReport(judged: Case): FactValues | null {
  const side = seen(judged);
  return side?.found.intact !== false || side.isReported ? null : { page: judged.page };
}

export function sealsAreCheckedAtTermination(judged: Case): FactValues | null {
  const side = seen(judged);
  if (!terminating(judged) || !side || side.areSealsChecked) return null;
  return { expected: side.found.expected ?? [] };
}

export function sealsAreOnRecordWhenItStarts(judged: Case): FactValues | null {
  if (judged.said === null || !startsHere(judged)) return null;
  return own(judged)?.start?.areSealsUnknown ? { page: judged.page } : null;
}

export function unitsAreThoseOfTheCarnet(judged: Case): FactValues | null {
  const missing = seen(judged)?.unitsMissing ?? [];
  return missing.length > 0 ? { missing, plates: judged.carnet.plates } : null;
}

export function packagesAreCertifiedAtTermination(judged: Case): FactValues | null {
  const side = seen(judged);
  if (!terminating(judged) || !side || side.arePackagesCertified) return null;
  return { expected: side.counted.expected };
}

export function packagesAreThoseExpected(judged: Case): FactValues | null {
  const packages = terminating(judged)?.packages ?? null;
  const expected = seen(judged)?.counted.expected ?? null;
  return packages === null || expected === null || expected === packages ? null : { packages, expected };
}

export function massIsThatOfTheManifest(judged: Case): FactValues | null {
  const said = terminating(judged);
  return said && seen(judged)?.counted.doesMassDiffer ? { mass_kg: said.massKg } : null;
}

export function terminationIsWithoutReservation(judged: Case): FactValues | null {
  const reservation = terminating(judged)?.reservation;
  return reservation ? { reservation } : null;
}

export function sealsAndPlatesAreSpeltAlike(judged: Case): FactValues | null {
  const side = seen(judged);
  if (judged.said === null || !side) return null;
  return side.found.isSpeltDifferently || side.isPlateSpeltDifferently ? { page: judged.page } : null;
}
