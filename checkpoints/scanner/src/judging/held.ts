// What a phone holds: the JSON that the server sends it (api/v1/post/presenting.py, holding.py), and what a judgement says.

import type {
  Control,
  HolderStatus,
  Level,
  Made,
  PackagesBasis,
  Role,
  ServerVerdict,
  StopAction,
  UnitKind,
} from "./generated";

export type { Control, Level, Role } from "./generated";
/** Only a phone without the network can know nothing about a number. */
export type Verdict = ServerVerdict | "unknown";

export interface Names {
  en: string;
  ru: string;
  zh: string;
}

/** An office across the border, from the first day up to, not including, the last. */
export interface Facing {
  office: string;
  valid_from: string;
  valid_to: string | null;
}

/** One office of the register; approved up to, and not including, the last day. */
export interface Office {
  code: string;
  country: string;
  territory: string;
  name: string | Names;
  roles: Role[];
  time_zone: string;
  faces: Facing[];
  approved_from: string;
  approved_to: string | null;
  lat: number;
  lon: number;
}

/** What a territory does where the Convention sets no number; null: no clock of its own limits it. */
export interface Practices {
  default_transit_days: number;
  grace_hours: number;
  /** In per mille. */
  mass_tolerance: number;
  suspension_days: number | null;
  longest_offline_days: number | null;
  longest_time_limit_days: number | null;
  /** Its offices record here; where they do not, no stamp is missing. */
  reports: boolean;
}

export interface Territory extends Practices {
  code: string;
  name: Names;
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
  /** The countries whose exclusions hold at the phone's office. */
  excluding: string[];
  has_guarantor: boolean;
  stop_list: { as_of: string; entries: StopEntry[] };
}

export interface SealsSeen {
  intact?: boolean | null;
  found?: string[] | null;
  affixed?: string[] | null;
  removed?: string[] | null;
}

/** What an officer certifies; what was left blank is left out. */
export interface Seen {
  id: string;
  seals?: SealsSeen;
  packages?: number | null;
  packages_basis?: PackagesBasis;
  packages_presented?: number | null;
  mass_kg?: number | null;
  time_limit?: string | null;
  vehicles?: string[] | null;
  containers?: string[] | null;
  goes_on?: boolean;
  ends_here?: boolean;
  suspension?: boolean;
  reservation?: string;
  made?: Made;
  vouched?: boolean;
}

/** A stamp on record, an accepted proof, or a stamp in the phone's own queue. */
export interface Stamp extends Seen {
  page: number;
  office: string;
  occurred_at: string;
  recorded_at: string;
  made: Made;
  vouched: boolean;
  cancels?: string | null;
}

/** A certified report (art. 25) or a control. */
export interface HeldEvent {
  id: string;
  kind: "report" | "control";
  office: string;
  at: string;
  seals_removed: string[];
  seals_affixed: string[];
  vehicles: string[];
  packages: number | null;
  explains_seals: boolean;
}

/** An office by its code, and what the lorry does there. */
export interface PlannedStop {
  position: number;
  office: string;
  does: StopAction;
}

/** One operation as issued: between two neighbouring stops of one territory. */
export interface PlannedLeg {
  territory: string;
  start: PlannedStop;
  end: PlannedStop;
}

/** Goods loaded at one stop and unloaded at another; `packages` counts what can be counted, null: nothing can. */
export interface PlannedCargo {
  load: number;
  unload: number;
  packages: number | null;
  mass_kg: number;
  units: string[];
}

/** A vehicle or container by the common form of its name. */
export interface Unit {
  name: string;
  kind: UnitKind;
}

export interface HeldPlan {
  legs: PlannedLeg[];
  cargo: PlannedCargo[];
  units: Unit[];
  sealed: boolean;
  presented: boolean;
  over: boolean;
}

/** One carnet with everything that the rules of the checkpoint ask about it. */
export interface Carnet {
  number: string;
  issued_at: string;
  acceptance_until: string;
  vouchers: number;
  packages: number | null;
  holder: { id: string; name: string; status: HolderStatus };
  guarantee: { reference: string };
  approval_until: string | null;
  plates: string[];
  plan: HeldPlan;
  /** How many operations are on record, planned or beyond the plan. */
  pairs: number;
  stamps: Stamp[];
  proofs: Stamp[];
  events: HeldEvent[];
  refused: number[];
  control: Control;
  control_at: string | null;
  returned: boolean;
  backdated: boolean;
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
