// The verdict that a phone comes to from what it holds: the code, the lists, perhaps the carnet with its stamps.
// tests/judging/README.md tells it in five points; the server's own judge says the same.

import type { Claims, TokenError } from "../token/token";
import { instant } from "./days";
import { Docket } from "./docket";
import { MOST_PAGES, NEEDS_CONFIRMING, type RuleCode } from "./generated";
import type { Carnet, Finding, Office, PlannedLeg, Registers, Seen, StopEntry, Verdict } from "./held";
import { expectedPage, isOfHere, judgeStamp, type Look, previewOf } from "./preview";
import { verdictOf } from "./rules";

export interface Presented {
  /** What reading the signed code gave, or null when a number was typed. */
  token: { claims: Claims } | { error: TokenError } | null;
  /** A typed number, in canonical form. */
  number: string | null;
  page: number | null;
  carnet: Carnet | null;
  office: Office;
  at: number;
  now: number;
  /** Whether what is done reaches the server at once. */
  isOnline: boolean;
  seen: Seen | null;
}

export interface Judgement {
  verdict: Verdict;
  findings: Finding[];
  expectedPage: number | null;
  seals: string[] | null;
  /** Whether the officer is shown anything of the carnet: the paper is genuine, or the carnet is expected here. */
  isShown: boolean;
}

/** What code, stop list and exclusions are enough to answer when nothing is held about the carnet. */
const ANSWERED_BY_THE_CODE: ReadonlySet<RuleCode> = new Set<RuleCode>([
  "page_range",
  "occurred_in_future",
  "occurred_before_issue",
  "not_in_circulation",
  "expired_at_accept",
  "holder_excluded",
  "no_guarantor",
  "office_not_approved",
]);
const HISTORY_UNKNOWN: Finding = { code: "history_unknown", level: "look", facts: {} };

export function judgePresented(presented: Presented, registers: Registers): Judgement {
  const { token, number, carnet } = presented;
  if (token && "error" in token) return stop(token.error);
  if (token && number !== null && number !== token.claims.number) return stop("qr_differs");
  if (carnet) return judgeHeld(presented, new Docket(withStopList(carnet, registers), registers), registers);
  return token ? judgeCode(presented, token.claims, registers) : judgeNumber(presented, registers);
}

function stop(code: string, facts: Finding["facts"] = {}): Judgement {
  return { verdict: "stop", findings: [{ code, level: "stop", facts }], expectedPage: null, seals: null, isShown: false };
}

function listed(number: string, registers: Registers): StopEntry | undefined {
  return registers.stop_list.entries.find((entry) => entry.number === number);
}

/** The list is newer than what is held. */
export function withStopList(carnet: Carnet, registers: Registers): Carnet {
  const entry = carnet.control ? undefined : listed(carnet.number, registers);
  return entry ? { ...carnet, control: entry.control, control_at: entry.since } : carnet;
}

function lookOf({ office, at, now, isOnline }: Presented, registers: Registers): Look {
  return { office, at, now, isOnline, registers };
}

/** Of a carnet that was issued in the past nothing is late by our clock. */
function withClockOf(look: Look, { backdated }: Carnet): Look {
  return backdated ? { ...look, now: look.at } : look;
}

function judgeHeld(presented: Presented, docket: Docket, registers: Registers): Judgement {
  const { office, seen, token } = presented;
  const page = pageOf(presented);
  const look = withClockOf(lookOf(presented, registers), docket.carnet);
  if (!seen && !token && !isOfHere(docket, office)) return notOfHere(office);
  const found = seen ? judgeStamp(docket, page ?? 0, seen, look) : previewOf(docket, page, look);
  return {
    verdict: verdictOf(found),
    findings: found,
    expectedPage: expectedPage(docket, office),
    seals: docket.seals,
    isShown: true,
  };
}

/** Nothing of what it says: the paper is not in hand. */
function notOfHere({ territory }: Office): Judgement {
  const finding: Finding = { code: NEEDS_CONFIRMING, level: "look", facts: { office_territory: territory } };
  return { verdict: "look", findings: [finding], expectedPage: null, seals: null, isShown: false };
}

function pageOf({ page, token }: Presented): number | null {
  return page ?? (token && "claims" in token ? token.claims.page : null);
}

/** A genuine code, and nothing held about its carnet: never "go". */
function judgeCode(presented: Presented, claims: Claims, registers: Registers): Judgement {
  const { office } = presented;
  const page = presented.page ?? claims.page;
  const isOnRoute = claims.territories.includes(office.territory);
  const docket = new Docket(asVouched(claims, registers), registers);
  const found = previewOf(docket, page, lookOf(presented, registers)).filter(
    ({ code }) => ANSWERED_BY_THE_CODE.has(code as RuleCode) || (code === NEEDS_CONFIRMING && !isOnRoute),
  );
  const isStopped = verdictOf(found) === "stop";
  return {
    verdict: isStopped ? "stop" : "look",
    findings: isStopped ? found : [...found, HISTORY_UNKNOWN],
    expectedPage: isOnRoute ? page : null,
    seals: null,
    isShown: true,
  };
}

/** The carnet as its code has it; what no code says is filled in so that no rule answered here asks for it. */
export function asVouched(claims: Claims, registers: Registers): Carnet {
  const entry = listed(claims.number, registers);
  return {
    number: claims.number,
    issued_at: instant(claims.issuedAt),
    acceptance_until: claims.acceptanceUntil,
    vouchers: MOST_PAGES,
    packages: null,
    holder: { id: claims.holder, name: "", status: "authorised" },
    guarantee: { reference: claims.guarantee },
    approval_until: null,
    plates: claims.plates,
    plan: { legs: legsThrough(claims.territories), cargo: [], units: [], sealed: false, presented: false, over: false },
    pairs: claims.territories.length,
    stamps: [],
    proofs: [],
    events: [],
    refused: [],
    control: entry?.control ?? "",
    control_at: entry?.since ?? null,
    returned: false,
    backdated: false,
    seals_expected: null,
  };
}

/** The code names the territory of each operation, and no office. */
function legsThrough(territories: readonly string[]): PlannedLeg[] {
  return territories.map((territory, index) => ({
    territory,
    start: { position: 2 * index + 1, office: "", does: index === 0 ? "load" : "entry" },
    end: { position: 2 * index + 2, office: "", does: index + 1 === territories.length ? "unload" : "exit" },
  }));
}

/** A typed number about which nothing is held but, perhaps, an entry of the stop list. */
function judgeNumber(presented: Presented, registers: Registers): Judgement {
  const entry = presented.number === null ? undefined : listed(presented.number, registers);
  if (!entry || (entry.control === "expired" && presented.page !== 1)) {
    return { verdict: "unknown", findings: [HISTORY_UNKNOWN], expectedPage: null, seals: null, isShown: false };
  }
  if (entry.control === "expired") return stop("expired_at_accept", { acceptance_until: null });
  return stop("not_in_circulation", { control: entry.control });
}
