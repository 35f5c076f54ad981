// Written by script/docs from the code. Change the code, then run it again.

export type Level = "stop" | "look" | "note";

/** The rules of the checkpoint, in their order (checkpoints/judging/rules.py). */
export const RULES = [
  { name: "page_is_in_the_carnet", code: "page_range", level: "stop" },
  { name: "page_belongs_to_an_operation", code: "page_not_planned", level: "stop" },
  { name: "office_lies_in_the_territory_of_the_page", code: "wrong_territory", level: "stop" },
  { name: "time_is_not_in_the_future", code: "occurred_in_future", level: "look" },
  { name: "time_is_after_the_issue", code: "occurred_before_issue", level: "look" },
  { name: "carnet_is_in_circulation", code: "not_in_circulation", level: "stop" },
  { name: "carnet_was_not_returned", code: "carnet_returned", level: "stop" },
  { name: "carnet_is_accepted_in_time", code: "expired_at_accept", level: "stop" },
  { name: "holder_is_authorised", code: "holder_not_authorised", level: "stop" },
  { name: "holder_is_not_excluded_here", code: "holder_excluded", level: "stop" },
  { name: "guarantee_is_in_force_at_acceptance", code: "guarantee_not_in_force", level: "stop" },
  { name: "approval_is_valid_when_the_transport_starts", code: "approval_expired", level: "stop" },
  { name: "office_is_approved_for_the_role", code: "office_role_not_approved", level: "stop" },
  { name: "earlier_pages_are_stamped", code: "missing_stamp", level: "look" },
  { name: "pages_follow_the_journey", code: "out_of_order", level: "look" },
  { name: "entry_faces_the_last_exit", code: "wrong_country_seq", level: "look" },
  { name: "seals_are_those_expected", code: "seal_mismatch", level: "look" },
  { name: "broken_seals_have_a_certified_report", code: "seal_broken_no_pv", level: "look" },
  { name: "vehicles_are_those_of_the_carnet", code: "vehicle_changed", level: "look" },
  { name: "packages_are_those_expected", code: "packages_differ", level: "look" },
  { name: "termination_is_without_reservation", code: "reservation", level: "note" },
  { name: "time_limit_is_kept", code: "late", level: "look" },
  { name: "distance_can_be_driven_in_the_time", code: "impossible_speed", level: "look" },
  { name: "suspension_was_not_too_long", code: "suspended_too_long", level: "look" },
  { name: "start_was_not_refused_before", code: "start_was_refused", level: "look" },
  { name: "office_is_the_one_planned", code: "wrong_office", level: "note" },
] as const;

export type RuleName = (typeof RULES)[number]["name"];
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
