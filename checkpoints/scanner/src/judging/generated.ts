// Written by script/docs from the code. Change the code, then run it again.

export type Level = "stop" | "look" | "note";

/** The rules of the checkpoint, in their order (checkpoints/judging/rules.py). */
export const RULES = [
  { name: "page_is_in_the_carnet", code: "page_range", level: "stop", eased: null },
  { name: "what_is_certified_has_a_box", code: "no_such_box", level: "stop", eased: null },
  { name: "packages_are_certified_on_the_second_voucher", code: "no_such_box", level: "note", eased: null },
  { name: "time_is_not_in_the_future", code: "occurred_in_future", level: "stop", eased: "from_offline" },
  { name: "clock_is_not_behind", code: "clock_wrong", level: "note", eased: null },
  { name: "stamp_arrives_in_time_from_a_known_device", code: "recorded_late", level: "look", eased: null },
  { name: "time_is_after_the_issue", code: "occurred_before_issue", level: "look", eased: null },
  { name: "carnet_is_in_circulation", code: "not_in_circulation", level: "stop", eased: "at_termination" },
  { name: "carnet_was_not_returned", code: "carnet_returned", level: "stop", eased: "at_termination" },
  { name: "carnet_is_accepted_in_time", code: "expired_at_accept", level: "stop", eased: null },
  { name: "holder_is_authorised", code: "holder_not_authorised", level: "stop", eased: null },
  { name: "holder_is_not_excluded_here", code: "holder_excluded", level: "stop", eased: null },
  { name: "territory_has_a_guarantor", code: "no_guarantor", level: "stop", eased: null },
  { name: "approval_is_valid_when_the_transport_starts", code: "approval_expired", level: "look", eased: null },
  { name: "office_is_approved_that_day", code: "office_not_approved", level: "stop", eased: "at_termination" },
  { name: "office_is_approved_for_the_role", code: "office_role_not_approved", level: "look", eased: null },
  { name: "page_is_planned_for_the_territory", code: "not_planned", level: "look", eased: null },
  { name: "transport_has_not_ended", code: "transport_ended", level: "stop", eased: null },
  { name: "goods_are_loaded_before_any_is_unloaded", code: "load_after_unload", level: "stop", eased: null },
  { name: "time_limit_can_be_meant", code: "time_limit_out_of_range", level: "stop", eased: "from_offline" },
  { name: "earlier_pages_are_stamped", code: "missing_stamp", level: "look", eased: null },
  { name: "pages_follow_the_journey", code: "out_of_order", level: "look", eased: null },
  { name: "entry_faces_the_last_exit", code: "wrong_country_seq", level: "note", eased: null },
  { name: "time_limit_is_kept", code: "late", level: "look", eased: null },
  { name: "distance_can_be_driven_in_the_time", code: "impossible_speed", level: "look", eased: null },
  { name: "suspension_was_not_too_long", code: "suspended_too_long", level: "look", eased: null },
  { name: "start_was_not_refused_before", code: "start_was_refused", level: "look", eased: null },
  { name: "office_is_the_one_planned", code: "wrong_office", level: "note", eased: null },
  { name: "seals_are_those_expected", code: "seal_mismatch", level: "look", eased: null },
  { name: "broken_seals_have_a_certified_report", code: "seal_broken_no_pv", level: "look", eased: null },
  { name: "seals_are_checked_at_termination", code: "seals_not_checked", level: "look", eased: null },
  { name: "seals_are_on_record_when_it_starts", code: "seals_unknown", level: "look", eased: null },
  { name: "units_are_those_of_the_carnet", code: "vehicle_changed", level: "look", eased: null },
  { name: "packages_are_certified_at_termination", code: "packages_not_certified", level: "look", eased: null },
  { name: "packages_are_those_expected", code: "packages_differ", level: "look", eased: null },
  { name: "mass_is_that_of_the_manifest", code: "mass_differs", level: "look", eased: null },
  { name: "termination_is_without_reservation", code: "reservation", level: "note", eased: null },
  { name: "seals_and_plates_are_spelt_alike", code: "spelt_differently", level: "note", eased: null },
] as const;

export type RuleName = (typeof RULES)[number]["name"];
export type RuleCode = (typeof RULES)[number]["code"];

/** Asks for the officer's confirming before it is stamped (checkpoints/judging/book.py). */
export const NEEDS_CONFIRMING: RuleCode = "not_planned";

/** Spans of time in milliseconds, distances and speeds (carnets/projection/walk.py). */
export const CLOCK_TOLERANCE = 600_000;
export const REPORT_MAY_FOLLOW = 43_200_000;
export const EARTH_KM = 6_371;
export const SPEED_MATTERS_FROM_KM = 20;
export const FASTEST_LORRY_KMH = 130;
export const FASTEST_RECORDED_KMH = 9_999;

/** From when on what is unsent needs somebody, in milliseconds (checkpoints/phones/standing.py). */
export const UNSENT_LATE = 14_400_000;
export const UNSENT_TOO_LATE = 86_400_000;

/** Verdict (checkpoints/choices.py). */
export type ServerVerdict = "go" | "look" | "stop";

/** Control (carnets/choices.py). */
export type Control = "" | "invalidated" | "lost" | "stolen" | "expired";

/** OfficeRole (carnets/choices.py). */
export type Role = "departure" | "entry" | "exit" | "destination";

/** OperationStatus (carnets/choices.py). */
export type OperationStatus = "expected" | "started" | "terminated" | "discharged" | "unused";

/** StopAction (carnets/choices.py). */
export type StopAction = "load" | "exit" | "entry" | "suspend" | "resume" | "unload";

/** UnitKind (carnets/choices.py). */
export type UnitKind = "tractor" | "trailer" | "rigid" | "container";

/** Made (carnets/choices.py). */
export type Made = "online" | "offline" | "handed_in" | "corrected" | "exchanged";

/** PackagesBasis (carnets/choices.py). */
export type PackagesBasis = "counted" | "as_manifest";

/** HolderStatus (guarantees/choices.py). */
export type HolderStatus = "authorised" | "suspended" | "withdrawn" | "ended";

/** Lane (checkpoints/choices.py). */
export type Lane = "green" | "yellow" | "red";

/** IncidentKind (checkpoints/choices.py). */
export type IncidentKind = "route_deviation" | "seals_broken" | "transhipment" | "danger" | "other" | "vehicle_change";

/** RefusalReason (checkpoints/choices.py). */
export type RefusalReason = "carnet_not_valid" | "holder_not_authorised" | "vehicle_not_approved" | "seals_not_in_order" | "goods_differ" | "documents_missing" | "other";

/** What a lorry does: the office's role there, where goods are handled, where it leaves (carnets/itinerary.py). */
export const ROLES: Record<StopAction, Role> = { load: "departure", exit: "exit", entry: "entry", suspend: "exit", resume: "entry", unload: "destination" };
export const HANDLES_GOODS: ReadonlySet<StopAction> = new Set<StopAction>(["load", "unload"]);
export const LEAVES: ReadonlySet<StopAction> = new Set<StopAction>(["exit", "suspend"]);
export const MOST_PAGES = 20;

/** What a territory does where nothing is known of it; no clock limits anything there (carnets/projection/plan.py). */
export const USUAL = { default_transit_days: 10, grace_hours: 24, mass_tolerance: 20, suspension_days: null, longest_offline_days: null, longest_time_limit_days: null, reports: true } as const;

/** What carries no meaning in a spelling, and letters that look alike (tir/kernel/spelling.py). */
export const WITHOUT_MEANING = /[.·•‧∙⋅\p{Cc}\p{Cf}\p{Pd}\p{Zl}\p{Zp}\p{Zs}]/gu;
export const FOLDED: Readonly<Record<string, string>> = { "А": "A", "В": "B", "С": "C", "Е": "E", "Н": "H", "І": "I", "Ј": "J", "К": "K", "М": "M", "О": "O", "Р": "P", "Ѕ": "S", "Т": "T", "Х": "X", "У": "Y", "Α": "A", "Β": "B", "Ε": "E", "Ζ": "Z", "Η": "H", "Ι": "I", "Κ": "K", "Μ": "M", "Ν": "N", "Ο": "O", "Ρ": "P", "Τ": "T", "Υ": "Y", "Χ": "X" };

/** Reports of these kinds are about seals, whatever else they say (checkpoints/choices.py). */
export const ABOUT_SEALS: ReadonlySet<IncidentKind> = new Set<IncidentKind>(["danger", "seals_broken", "transhipment"]);

/** How much a field takes: characters, entries of a list, or the largest number (api/v1/checkpoints/bodies.py and evidence_bodies.py). */
export const LIMITS = {
  reservation: 2_000,
  takingBack: 1_000,
  packages: 10_000_000,
  refusal: 2_000,
  report: 4_000,
  seals: 50,
  seal: 40,
  plates: 20,
  plate: 35,
  container: 17,
  mass: 1_000_000_000,
  photos: 6,
} as const;

/** Photos of a report (checkpoints/recording/photos.py). */
export const LARGEST_PHOTO = 1_000_000; // bytes
export type PhotoType = "image/jpeg" | "image/png";
