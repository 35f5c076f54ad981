// Rules about what is presented: seals, vehicles and containers, packages, mass (checkpoints/judging/load.py). A blank is not
// a certificate. They ask only for what an officer states and what that is compared with, so that a screen can be judged at
// each tap, before there is a stamp.

import type { Certification } from "./evidence";
import type { FactValues } from "./held";
import type { Side } from "./walk";
import { isStart } from "./vouchers";

/** `said` is null for a look before stamping; `side` too where another stamp stands on the page. */
export interface Stated {
  page: number;
  said: Pick<Certification, "packages" | "massKg" | "reservation"> | null;
  side: Omit<Side, "said" | "speedKmh" | "isRecordedLate" | "areSealsUnknown"> | null;
  /** Goods under seal start here without a seal on record. */
  areSealsUnknown: boolean;
}

/** What the officer wrote on a voucher No. 2. */
const terminating = ({ page, said }: Stated): Stated["said"] => (isStart(page) ? null : said);

/** Broken seals are a rule of their own. */
export function sealsAreThoseExpected({ side }: Stated): FactValues | null {
  if (!side || side.found.agree !== false || side.found.intact === false) return null;
  return { expected: side.found.expected ?? [], found: side.found.found ?? [] };
}

export function brokenSealsHaveAReport({ side, page }: Stated): FactValues | null {
  return side?.found.intact !== false || side.isReported ? null : { page };
}

export function sealsAreCheckedAtTermination(stated: Stated): FactValues | null {
  const { side } = stated;
  if (!terminating(stated) || !side || side.areSealsChecked) return null;
  return { expected: side.found.expected ?? [] };
}

export function sealsAreOnRecordWhenItStarts({ page, said, areSealsUnknown }: Stated): FactValues | null {
  return said !== null && isStart(page) && areSealsUnknown ? { page } : null;
}

export function unitsAreThoseOfTheCarnet({ side }: Stated): FactValues | null {
  return side?.unitsMissing.length ? { missing: side.unitsMissing } : null;
}

export function packagesAreCertifiedAtTermination(stated: Stated): FactValues | null {
  const { side } = stated;
  return !terminating(stated) || !side || side.arePackagesCertified ? null : { expected: side.counted.expected };
}

export function packagesAreThoseExpected(stated: Stated): FactValues | null {
  const packages = terminating(stated)?.packages ?? null;
  const expected = stated.side?.counted.expected ?? null;
  return packages === null || expected === null || expected === packages ? null : { packages, expected };
}

export function massIsThatOfTheManifest(stated: Stated): FactValues | null {
  const said = terminating(stated);
  return said && stated.side?.counted.doesMassDiffer ? { mass_kg: said.massKg } : null;
}

export function terminationIsWithoutReservation(stated: Stated): FactValues | null {
  const reservation = terminating(stated)?.reservation;
  return reservation ? { reservation } : null;
}

export function sealsAndPlatesAreSpeltAlike({ page, said, side }: Stated): FactValues | null {
  if (said === null || !side) return null;
  return side.found.isSpeltDifferently || side.isPlateSpeltDifferently ? { page } : null;
}
