// The verdict that a phone comes to from what it holds: the code, the lists, perhaps the carnet with its stamps.
// tests/judging/README.md tells it in five points; the server's own judge says the same.

import type { Claims, TokenError } from "../token/token";
import {
  type Carnet,
  type Finding,
  type Level,
  type Office,
  type OperationFacts,
  operationOfPage,
  type Registers,
  roleOfPage,
  type Seen,
  type Stamp,
  type StopEntry,
  type Verdict,
} from "./facts";
import type { RuleCode } from "./generated";
import { expectedSeals, project, standingStamps } from "./projection";
import { type Case, findings as judge, sideOf } from "./rules";

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
  seen: Seen | null;
}

export interface Judgement {
  verdict: Verdict;
  findings: Finding[];
  expectedPage: number | null;
  seals: string[] | null;
}

/** What code, stop list and exclusions are enough to answer when nothing is held about the carnet. */
const ANSWERED_BY_THE_CODE: ReadonlySet<RuleCode> = new Set<RuleCode>([
  "page_not_planned",
  "wrong_territory",
  "occurred_in_future",
  "occurred_before_issue",
  "not_in_circulation",
  "expired_at_accept",
  "holder_excluded",
]);
const HISTORY_UNKNOWN: Finding = { code: "history_unknown", level: "look", facts: {} };

export function judgePresented(presented: Presented, registers: Registers): Judgement {
  const { token, number, carnet } = presented;
  if (token && "error" in token) return stop(token.error);
  if (token && number !== null && number !== token.claims.number) return stop("qr_differs");
  if (carnet) return judgeHeld(presented, withStopList(carnet, registers), registers);
  return token ? judgeCode(presented, token.claims, registers) : judgeNumber(presented, registers);
}

function stop(code: string, facts: Finding["facts"] = {}): Judgement {
  return { verdict: "stop", findings: [{ code, level: "stop", facts }], expectedPage: null, seals: null };
}

function listed(number: string, registers: Registers): StopEntry | undefined {
  return registers.stop_list.entries.find((entry) => entry.number === number);
}

/** The list is newer than what is held. */
function withStopList(carnet: Carnet, registers: Registers): Carnet {
  const entry = carnet.control ? undefined : listed(carnet.number, registers);
  return entry ? { ...carnet, control: entry.control, control_at: entry.since } : carnet;
}

export function officeFinder(registers: Registers): (code: string) => Office | undefined {
  const byCode = new Map(registers.offices.map((office) => [office.code, office]));
  return (code) => byCode.get(code);
}

function judgeHeld(presented: Presented, carnet: Carnet, registers: Registers): Judgement {
  const officeOf = officeFinder(registers);
  const facts = project(carnet, carnet.stamps, officeOf);
  const expectedPage = expectedPageOf(presented.office, carnet, facts);
  const seals = expectedSeals(carnet, carnet.stamps, officeOf);
  if (presented.seen) {
    const found = judgeStamp(presented, presented.seen, carnet, registers);
    return { verdict: verdictOf(found), findings: found, expectedPage, seals };
  }
  if (!carnet.operations.some((operation) => operation.territory === presented.office.territory)) {
    return stop("territory_not_on_route", { territory: presented.office.territory });
  }
  const found = preview(presented, carnet, facts, expectedPage, registers);
  return { verdict: verdictOf(found), findings: found, expectedPage, seals };
}

/** Judge the page, or the one expected here, as if it were stamped now with everything found in order. */
function preview(
  presented: Presented,
  carnet: Carnet,
  facts: OperationFacts[],
  expectedPage: number | null,
  registers: Registers,
): Finding[] {
  const page = pageOf(presented) ?? expectedPage;
  const nothingLeft = finding("nothing_to_stamp", "look", { territory: presented.office.territory });
  if (page === null) return [nothingLeft];
  const found = judge(caseOf(presented, carnet, facts, page, registers));
  const side = sideOf(facts, page);
  if (operationOfPage(carnet, page) && side && side.at !== null) {
    found.unshift(finding("voucher_already_stamped", "look", { page, office: side.office }));
  }
  const stops = found.some(({ level }) => level === "stop");
  return expectedPage === null && !stops ? [...found, nothingLeft] : found;
}

function pageOf(presented: Presented): number | null {
  if (presented.page !== null) return presented.page;
  return presented.token && "claims" in presented.token ? presented.token.claims.page : null;
}

/** Judge a stamp as the server judges one from offline: a rival is a finding, not a refusal. */
function judgeStamp(presented: Presented, seen: Seen, carnet: Carnet, registers: Registers): Finding[] {
  const page = pageOf(presented) ?? 0;
  const stamp: Stamp = {
    ...seen,
    page,
    office: presented.office.code,
    occurred_at: new Date(presented.at).toISOString(),
  };
  const facts = project(carnet, [...carnet.stamps, stamp], officeFinder(registers));
  const side = sideOf(facts, page);
  const judged = caseOf(presented, carnet, facts, page, registers);
  judged.seen = side?.stamp === seen.id ? side : null;
  judged.packages = seen.packages ?? null;
  judged.reservation = seen.reservation ?? "";
  const found = judge(judged);
  const first = standingStamps(carnet.stamps).get(page);
  if (first && operationOfPage(carnet, page)?.territory === presented.office.territory) {
    found.unshift(finding("voucher_already_stamped", "look", { page, office: first.office }));
  }
  return found;
}

function caseOf(
  { office, at, now }: Presented,
  carnet: Carnet,
  facts: OperationFacts[],
  page: number,
  registers: Registers,
): Case {
  return {
    carnet,
    facts,
    page,
    office,
    at,
    now,
    exclusions: registers.exclusions.filter((each) => each.holder === carnet.holder.id),
    suspensionDays: new Map(registers.territories.map((each) => [each.code, each.suspension_days])),
    seen: null,
    packages: null,
    packagesExpected: facts[Math.floor((page - 1) / 2)]?.packagesExpected ?? null,
    reservation: "",
  };
}

function finding(code: string, level: Level, facts: Finding["facts"]): Finding {
  return { code, level, facts };
}

export function verdictOf(found: { level: Level }[]): Verdict {
  if (found.some(({ level }) => level === "stop")) return "stop";
  return found.some(({ level }) => level === "look") ? "look" : "go";
}

/** Return the page this office would stamp next: in its own territory and not stamped yet, the one planned here first,
 * then one whose role the office plays, then the lowest. */
function expectedPageOf(office: Office, carnet: Carnet, facts: OperationFacts[]): number | null {
  const candidates = carnet.operations.flatMap((operation) => {
    if (operation.territory !== office.territory) return [];
    const first = 2 * operation.sequence - 1;
    return [first, first + 1]
      .filter((page) => sideOf(facts, page)?.at === null)
      .map((page) => {
        const planned = page % 2 ? operation.planned_start : operation.planned_end;
        const strangeness =
          (planned === office.code ? 0 : 2) + (office.roles.includes(roleOfPage(operation, page)) ? 0 : 1);
        return { page, strangeness };
      });
  });
  candidates.sort((one, other) => one.strangeness - other.strangeness || one.page - other.page);
  return candidates[0]?.page ?? null;
}

/** A genuine code, and nothing held about its carnet: never "go". */
function judgeCode(presented: Presented, claims: Claims, registers: Registers): Judgement {
  const { office } = presented;
  const page = presented.page ?? claims.page;
  if (!claims.territories.includes(office.territory)) {
    return stop("territory_not_on_route", { territory: office.territory });
  }
  const carnet = asVouched(claims, registers);
  const facts = project(carnet, [], officeFinder(registers));
  const found = judge(caseOf(presented, carnet, facts, page, registers), ANSWERED_BY_THE_CODE);
  const isStopped = verdictOf(found) === "stop";
  const isHere = operationOfPage(carnet, page)?.territory === office.territory;
  return {
    verdict: isStopped ? "stop" : "look",
    findings: isStopped ? found : [...found, HISTORY_UNKNOWN],
    expectedPage: isHere ? page : null,
    seals: null,
  };
}

/** The carnet as its code has it; what no code says is filled in so that no rule answered here asks for it. */
export function asVouched(claims: Claims, registers: Registers): Carnet {
  const entry = listed(claims.number, registers);
  return {
    number: claims.number,
    issued_at: new Date(claims.issuedAt).toISOString(),
    acceptance_until: claims.acceptanceUntil,
    vouchers: 20,
    packages: 0,
    holder: { id: claims.holder, name: "", status: "authorised" },
    guarantee: { reference: claims.guarantee, valid_from: "", valid_to: null },
    approval_until: null,
    plates: claims.plates,
    heavy: false,
    operations: claims.territories.map((territory, index) => ({
      sequence: index + 1,
      territory,
      start_role: index === 0 ? "departure" : "entry",
      termination_role: index + 1 === claims.territories.length ? "destination" : "exit",
      planned_start: "",
      planned_end: "",
      grace_hours: 0,
      default_transit_days: 0,
    })),
    stamps: [],
    reports: [],
    refused: [],
    control: entry?.control ?? "",
    control_at: entry?.since ?? null,
    returned: false,
    seals_expected: null,
  };
}

/** A typed number about which nothing is held but, perhaps, an entry of the stop list. */
function judgeNumber(presented: Presented, registers: Registers): Judgement {
  const entry = presented.number === null ? undefined : listed(presented.number, registers);
  if (!entry || (entry.control === "expired" && presented.page !== 1)) {
    return { verdict: "unknown", findings: [HISTORY_UNKNOWN], expectedPage: null, seals: null };
  }
  if (entry.control === "expired") return stop("expired_at_accept", { acceptance_until: null });
  return stop("not_in_circulation", { control: entry.control });
}

