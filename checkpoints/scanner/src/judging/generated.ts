// Written by script/docs from the code. Change the code, then run it again.

export type Level = "stop" | "look" | "note";

/** The rules of the checkpoint, in their order (checkpoints/judging/rules.py). */
export const RULES = [
  { code: "page_range", level: "stop" },
  { code: "page_not_planned", level: "stop" },
  { code: "wrong_territory", level: "stop" },
  { code: "occurred_in_future", level: "look" },
  { code: "occurred_before_issue", level: "look" },
  { code: "not_in_circulation", level: "stop" },
  { code: "carnet_returned", level: "stop" },
  { code: "expired_at_accept", level: "stop" },
  { code: "holder_not_authorised", level: "stop" },
  { code: "holder_excluded", level: "stop" },
  { code: "guarantee_not_in_force", level: "stop" },
  { code: "approval_expired", level: "stop" },
  { code: "office_role_not_approved", level: "stop" },
  { code: "missing_stamp", level: "look" },
  { code: "out_of_order", level: "look" },
  { code: "wrong_country_seq", level: "look" },
  { code: "seal_mismatch", level: "look" },
  { code: "seal_broken_no_pv", level: "look" },
  { code: "vehicle_changed", level: "look" },
  { code: "packages_differ", level: "look" },
  { code: "reservation", level: "note" },
  { code: "late", level: "look" },
  { code: "impossible_speed", level: "look" },
  { code: "suspended_too_long", level: "look" },
  { code: "start_was_refused", level: "look" },
  { code: "wrong_office", level: "note" },
] as const;

export type RuleCode = (typeof RULES)[number]["code"];

/** Spans of time in milliseconds, distances and speeds (carnets/projection/facts.py). */
export const CLOCK_TOLERANCE = 600_000;
export const REPORT_MAY_FOLLOW = 43_200_000;
export const EARTH_KM = 6_371;
export const SPEED_MATTERS_FROM_KM = 20;
export const FASTEST_LORRY_KMH = 130;
export const FASTEST_RECORDED_KMH = 9_999;

/** Verdict (checkpoints/choices.py). */
export type ServerVerdict = "go" | "look" | "stop";

/** Control (carnets/choices.py). */
export type Control = "" | "invalidated" | "lost" | "stolen" | "expired";

/** OfficeRole (carnets/choices.py). */
export type Role = "departure" | "entry" | "exit" | "destination";

/** OperationStatus (carnets/choices.py). */
export type OperationStatus = "expected" | "refused" | "started" | "terminated" | "discharged";

/** HolderStatus (guarantees/choices.py). */
export type HolderStatus = "authorised" | "suspended" | "withdrawn" | "ended";

/** Lane (checkpoints/choices.py). */
export type Lane = "green" | "yellow" | "red";

/** IncidentKind (checkpoints/choices.py). */
export type IncidentKind = "route_deviation" | "seals_broken" | "transhipment" | "danger" | "other" | "vehicle_change";

/** RefusalReason (checkpoints/choices.py). */
export type RefusalReason = "carnet_not_valid" | "holder_not_authorised" | "vehicle_not_approved" | "seals_not_in_order" | "goods_differ" | "documents_missing" | "other";

/** Reports of these kinds are about seals, whatever else they say (checkpoints/choices.py). */
export const ABOUT_SEALS: ReadonlySet<IncidentKind> = new Set<IncidentKind>(["danger", "seals_broken", "transhipment"]);

/** How much a field takes: characters, entries of a list, or the largest number (api/v1/checkpoints/bodies.py). */
export const LIMITS = {
  reservation: 2_000,
  takingBack: 1_000,
  packages: 10_000_000,
  refusal: 2_000,
  report: 4_000,
  seals: 50,
  seal: 40,
  plates: 10,
  plate: 20,
  photos: 6,
} as const;

/** Whether a stamp says how box 26 came about: counted, or as on the manifest (api/v1/checkpoints/bodies.py). */
export const TAKES_PACKAGES_BASIS: boolean = false;

/** Photos of a report (checkpoints/recording/incidents.py). */
export const LARGEST_PHOTO = 1_000_000; // bytes
export type PhotoType = "image/jpeg" | "image/png";
