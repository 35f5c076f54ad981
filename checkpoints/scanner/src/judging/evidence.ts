// What is on record about one carnet, as plain facts: certifications, reports, controls (carnets/projection/evidence.py).

import { covers, dayAt } from "./days";
import type { Made, PackagesBasis } from "./generated";
import type { HeldEvent, Office, Stamp } from "./held";

/** One stamp as evidence; null means that the officer did not say. */
export interface Certification {
  id: string;
  page: number;
  office: Office;
  at: number;
  recordedAt: number;
  made: Made;
  isVouched: boolean;
  sealsIntact: boolean | null;
  sealsFound: string[] | null;
  sealsAffixed: string[] | null;
  sealsRemoved: string[] | null;
  packages: number | null;
  packagesBasis: PackagesBasis;
  packagesPresented: number | null;
  massKg: number | null;
  reservation: string;
  timeLimitAt: number | null;
  vehicles: string[] | null;
  containers: string[] | null;
  goesOn: boolean;
  endsHere: boolean;
  isSuspension: boolean;
  cancels: string | null;
  isProof: boolean;
}

/** What happened between stamps or beside them. */
export interface Event {
  id: string;
  isReport: boolean;
  office: string;
  at: number;
  sealsRemoved: string[];
  sealsAffixed: string[];
  vehicles: string[];
  packages: number | null;
  explainsSeals: boolean;
}

export type OfficeOf = (code: string) => Office;

/** Every office by its code; one that the register does not have is in no territory. */
export function officeFinder(offices: readonly Office[]): OfficeOf {
  const byCode = new Map(offices.map((office) => [office.code, office]));
  return (code) => byCode.get(code) ?? unknownOffice(code);
}

function unknownOffice(code: string): Office {
  return {
    code, country: code.slice(0, 2), territory: "", name: code, roles: [], time_zone: "UTC", faces: [],
    approved_from: "", approved_to: null, lat: 0, lon: 0,
  };
}

export function certificationOf(stamp: Stamp, officeOf: OfficeOf, isProof = false): Certification {
  const { seals = {} } = stamp;
  return {
    id: stamp.id,
    page: stamp.page,
    office: officeOf(stamp.office),
    at: Date.parse(stamp.occurred_at),
    recordedAt: Date.parse(stamp.recorded_at),
    made: stamp.made,
    isVouched: stamp.vouched,
    sealsIntact: seals.intact ?? null,
    sealsFound: seals.found ?? null,
    sealsAffixed: seals.affixed ?? null,
    sealsRemoved: seals.removed ?? null,
    packages: stamp.packages ?? null,
    packagesBasis: stamp.packages_basis ?? "counted",
    packagesPresented: stamp.packages_presented ?? null,
    massKg: stamp.mass_kg ?? null,
    reservation: stamp.reservation ?? "",
    timeLimitAt: stamp.time_limit ? Date.parse(stamp.time_limit) : null,
    vehicles: stamp.vehicles ?? null,
    containers: stamp.containers ?? null,
    goesOn: stamp.goes_on === true,
    endsHere: stamp.ends_here === true,
    isSuspension: stamp.suspension === true,
    cancels: stamp.cancels ?? null,
    isProof,
  };
}

export function eventOf(held: HeldEvent): Event {
  return {
    id: held.id,
    isReport: held.kind === "report",
    office: held.office,
    at: Date.parse(held.at),
    sealsRemoved: held.seals_removed,
    sealsAffixed: held.seals_affixed,
    vehicles: held.vehicles,
    packages: held.packages,
    explainsSeals: held.explains_seals,
  };
}

/** In the order of what they say themselves: instant, then id. */
export function byTime(one: { at: number; id: string }, other: { at: number; id: string }): number {
  return one.at - other.at || (one.id < other.id ? -1 : Number(one.id > other.id));
}

export function dayOf({ office, at }: Certification): string {
  return dayAt(at, office.time_zone);
}

export function isApprovedOn(office: Office, day: string): boolean {
  return covers({ from: office.approved_from, to: office.approved_to }, day);
}

/** The offices that face this one across a border on that day (art. 45). */
export function partnersOn(office: Office, day: string): string[] {
  return office.faces
    .filter(({ valid_from: from, valid_to: to }) => covers({ from, to }, day))
    .map((each) => each.office);
}
