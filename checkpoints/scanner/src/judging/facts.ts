// What judging knows: the JSON that the server sends to a phone (api/v1/post), and what is worked out of it.

import type { Control, HolderStatus, Level, OperationStatus, Role, ServerVerdict } from "./generated";

export type { Control, Level, Role } from "./generated";
/** Only a phone without the network can know nothing about a number. */
export type Verdict = ServerVerdict | "unknown";

export interface Names {
  en: string;
  ru: string;
  zh: string;
}

export interface Office {
  code: string;
  country: string;
  territory: string;
  name: string | Names;
  roles: Role[];
  partners: string[];
  lat: number;
  lon: number;
}

export interface Territory {
  code: string;
  name: Names;
  default_transit_days: number;
  grace_hours: number;
  /** How long a transport may be suspended after an operation there; null: no clock says. */
  suspension_days: number | null;
}

export interface Exclusion {
  holder: string;
  country: string;
  valid_from: string;
  valid_to: string | null;
}

export interface StopEntry {
  number: string;
  control: Control;
  since: string | null;
}

/** What every phone holds besides the carnets. */
export interface Registers {
  offices: Office[];
  territories: Territory[];
  exclusions: Exclusion[];
  stop_list: { as_of: string; entries: StopEntry[] };
}

export interface SealsSeen {
  intact?: boolean | null;
  found?: string[] | null;
  affixed?: string[] | null;
}

/** What an officer certifies; what was left blank is left out. */
export interface Seen {
  id: string;
  seals?: SealsSeen;
  packages?: number | null;
  time_limit?: string | null;
  vehicles?: string[] | null;
  partial?: boolean;
  suspension?: boolean;
  reservation?: string;
}

/** A stamp on record, or in the phone's own queue. */
export interface Stamp extends Seen {
  page: number;
  office: string;
  occurred_at: string;
  cancels?: string | null;
}

/** A certified report (art. 25). */
export interface Report {
  id: string;
  office: string;
  occurred_at: string;
  seals_broken: string[];
  seals_affixed: string[];
  vehicles: string[];
  about_seals: boolean;
}

export interface Operation {
  sequence: number;
  territory: string;
  start_role: Role;
  termination_role: Role;
  planned_start: string;
  planned_end: string;
  grace_hours: number;
  default_transit_days: number;
}

/** One carnet with everything that the rules of the checkpoint ask about it. */
export interface Carnet {
  number: string;
  issued_at: string;
  acceptance_until: string;
  vouchers: number;
  packages: number;
  holder: { id: string; name: string; status: HolderStatus };
  guarantee: { reference: string; valid_from: string; valid_to: string | null };
  approval_until: string | null;
  plates: string[];
  heavy: boolean;
  operations: Operation[];
  stamps: Stamp[];
  reports: Report[];
  refused: number[];
  control: Control;
  control_at: string | null;
  returned: boolean;
  seals_expected: string[] | null;
}

/** What fills a sentence: a code's words name these. */
export type FactValues = Record<string, string | number | string[] | null>;

/** One rule that does not hold. */
export interface Finding {
  code: string;
  level: Level;
  facts: FactValues;
}

/** What one office recorded about the start or the termination, and what it should have found. */
export interface SideFacts {
  stamp: string | null;
  at: number | null;
  office: string;
  sealsIntact: boolean | null;
  sealsExpected: string[] | null;
  sealsFound: string[] | null;
  isReported: boolean;
  vehiclesAgree: boolean;
  speedKmh: number | null;
}

/** The two records of one operation, side by side. */
export interface OperationFacts {
  sequence: number;
  status: OperationStatus;
  start: SideFacts;
  termination: SideFacts;
  timeLimitAt: number | null;
  packagesExpected: number | null;
  isSuspended: boolean;
}

export function roleOfPage(operation: Operation, page: number): Role {
  return page % 2 ? operation.start_role : operation.termination_role;
}

export function operationOfPage(carnet: { operations: Operation[] }, page: number): Operation | undefined {
  return carnet.operations[Math.floor((page - 1) / 2)];
}
