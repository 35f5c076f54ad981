// What fills the officer's screen about one carnet: made of the server's answer, or of the phone's own judgement.

import type { Carnet, FactValues, Level, Office, Registers, Role, Unit, Verdict } from "./judging/held";
import { type MassAllowed, massAllowed } from "./judging/cargo";
import { instant } from "./judging/days";
import { Docket } from "./judging/docket";
import type { Lane, StopAction } from "./judging/generated";
import { asVouched, judgePresented, type Presented } from "./judging/judge";
import { hasCount } from "./judging/plan";
import { asIfInOrder } from "./judging/preview";
import { verdictOf } from "./judging/rules";
import { isTermination, operationOf, pagesOf } from "./judging/vouchers";
import type { Claims, TokenError } from "./token/token";

export interface Reason {
  code: string;
  level: Level;
  /** The server's own sentence; the phone's is made of code and facts. */
  detail?: string;
  facts: FactValues;
}

export interface Leg {
  sequence: number;
  territory: string;
  status: string;
  timeLimit: string | null;
}

export interface Screenful {
  verdict: Verdict;
  reasons: Reason[];
  source: "server" | "phone";
  number: string;
  page: number | null;
  role: Role | "";
  /** What the lorry does here; null: not known here. */
  does: StopAction | null;
  plates: string[];
  /** The vehicles and containers that should be here. */
  units: Unit[];
  /** Whether the goods travel under seal; some heavy or bulky ones do not. */
  isSealed: boolean;
  /** Whether any line of the manifest can be counted. */
  isCountable: boolean;
  /** What the scales may show; null: nothing to compare with. */
  mass: MassAllowed | null;
  /** null: not known here. */
  seals: string[] | null;
  /** On a voucher No. 2 what should be certified, else what the manifest has in all. */
  packages: number | null;
  timeLimit: string | null;
  lastStamp: { role: string; office: string; at: string } | null;
  /** Whether what happened since the issue is known at all. */
  isHistoryKnown: boolean;
  holder: string;
  guarantee: string;
  validUntil: string | null;
  legs: Leg[];
  lane: Lane | null;
}

/** POST /api/v1/scans/ */
export interface ScanAnswer {
  verdict: Verdict;
  reasons: { code: string; level: Level; detail: string }[];
  carnet: {
    number: string;
    holder: { id: string; name: string };
    guarantee: { reference: string };
    valid_until: string;
    packages: number | null;
    plates: string[];
    units?: Unit[];
    sealed?: boolean;
    operations: { sequence: number; pages: number[]; territory: string; status: string; time_limit: string | null }[];
    last_stamp: { role: string; office: string; at: string } | null;
  } | null;
  expected: { page: number; role: Role; office: string } | null;
  seals: string[] | null;
  risk: { lane: Lane } | null;
}

const NOTHING_KNOWN = {
  role: "" as const,
  does: null,
  plates: [],
  units: [],
  isSealed: true,
  isCountable: true,
  mass: null,
  seals: null,
  packages: null,
  timeLimit: null,
  lastStamp: null,
  isHistoryKnown: false,
  holder: "",
  guarantee: "",
  validUntil: null,
  legs: [],
  lane: null,
};

export function screenfulAlone(presented: Presented, registers: Registers): Screenful {
  const judged = judgePresented(presented, registers);
  const claims = claimsOf(presented);
  const carnet = judged.isShown ? (presented.carnet ?? (claims && asVouched(claims, registers))) : null;
  const page = presented.page ?? claims?.page ?? judged.expectedPage;
  const shown = carnet ? shownOf(carnet, page, presented, registers) : NOTHING_KNOWN;
  return {
    ...shown,
    verdict: judged.verdict,
    reasons: judged.findings,
    source: "phone",
    number: presented.number ?? claims?.number ?? "",
    page,
    seals: judged.seals,
  };
}

function claimsOf({ token }: Presented): Claims | null {
  return token && "claims" in token ? token.claims : null;
}

function shownOf(carnet: Carnet, page: number | null, presented: Presented, registers: Registers) {
  const docket = new Docket(carnet, registers);
  const isHeld = presented.carnet !== null;
  const own = page === null ? undefined : docket.facts[operationOf(page) - 1];
  return {
    ...(page !== null && page > 0 ? atPage(docket, page, presented, registers) : NOTHING_AT_THE_PAGE),
    plates: carnet.plates,
    isSealed: carnet.plan.sealed,
    isCountable: !isHeld || hasCount(docket.plan),
    ...(!isHeld && { packages: null }),
    timeLimit: isHeld ? iso(own?.timeLimitAt) : null,
    lastStamp: lastStamp(docket),
    isHistoryKnown: isHeld,
    holder: [carnet.holder.name, carnet.holder.id].filter(Boolean).join(", "),
    guarantee: carnet.guarantee.reference,
    validUntil: carnet.acceptance_until,
    legs: docket.facts.map(({ sequence, territory, status, timeLimitAt }) => ({
      sequence,
      territory: territory ?? "",
      status: isHeld ? status : "",
      timeLimit: isHeld ? iso(timeLimitAt) : null,
    })),
    lane: null,
  };
}

const NOTHING_AT_THE_PAGE = { role: "" as const, does: null, units: [], mass: null, packages: null };

/** What should be there when the page is stamped, by a journey on which all was in order here. */
function atPage(docket: Docket, page: number, { office, at, now, isOnline }: Presented, registers: Registers) {
  const { alignment, facts } = docket.projectionWith(asIfInOrder(page, { office, at, now, isOnline, registers }));
  const side = facts[operationOf(page) - 1]?.termination ?? null;
  const expected = isTermination(page) ? (side?.counted.expected ?? null) : docket.carnet.packages;
  return {
    role: alignment.role(page),
    does: alignment.does(page),
    units: docket.plan.units,
    mass: isTermination(page) ? massAllowed(docket.plan, office) : null,
    packages: expected,
  };
}

function iso(at: number | null | undefined): string | null {
  return at === null || at === undefined ? null : instant(at);
}

function lastStamp({ alignment, facts }: Docket): Screenful["lastStamp"] {
  const pages = facts.flatMap(({ sequence }) => pagesOf(sequence));
  const last = pages.findLast((page) => alignment.standing.on(page) !== null);
  if (last === undefined) return null;
  const said = alignment.standing.on(last)!;
  return { role: alignment.role(last), office: said.office.code, at: instant(said.at) };
}

/** `asked`: what the phone itself knows of it, for what the server does not name. */
export function screenfulOfServer(answer: ScanAnswer, asked: Screenful): Screenful {
  const { carnet, expected } = answer;
  const page = asked.page ?? expected?.page ?? null;
  const leg = carnet?.operations.find(({ pages }) => page !== null && pages.includes(page));
  return {
    ...NOTHING_KNOWN,
    verdict: answer.verdict,
    reasons: answer.reasons.map((reason) => ({ ...reason, facts: {} })),
    source: "server",
    number: carnet?.number ?? asked.number,
    page,
    role: expected && expected.page === page ? expected.role : (roleIn(carnet, page) ?? asked.role),
    seals: answer.seals,
    lane: answer.risk?.lane ?? null,
    ...(carnet && {
      plates: carnet.plates,
      ...(page === asked.page && asked.isHistoryKnown ? plannedAt(asked) : toldOf(carnet, page)),
      timeLimit: leg?.time_limit ?? null,
      lastStamp: carnet.last_stamp,
      isHistoryKnown: true,
      holder: [carnet.holder.name, carnet.holder.id].filter(Boolean).join(", "),
      guarantee: carnet.guarantee.reference,
      validUntil: carnet.valid_until,
      legs: carnet.operations.map((each) => ({ ...each, timeLimit: each.time_limit })),
    }),
  };
}

function plannedAt({ does, units, isSealed, isCountable, mass, packages }: Screenful) {
  return { does, units, isSealed, isCountable, mass, packages };
}

/** What the server tells of a carnet that the phone does not hold. */
function toldOf(carnet: NonNullable<ScanAnswer["carnet"]>, page: number | null) {
  const { units = [], sealed: isSealed = true } = carnet;
  return { units, isSealed, isCountable: carnet.packages !== null, packages: packagesOf(carnet, page) };
}

/** Where parts are loaded and unloaded under way, all that is declared is no measure. */
function packagesOf(carnet: NonNullable<ScanAnswer["carnet"]>, page: number | null): number | null {
  const territories = carnet.operations.map(({ territory }) => territory);
  const isThrough = territories.every((each, index) => each !== territories[index - 1]);
  return isThrough || page === null || !isTermination(page) ? carnet.packages : null;
}

/** Of a page that is not the one expected the server names no role; its place in the journey does. */
function roleIn(carnet: ScanAnswer["carnet"], page: number | null): Role | null {
  if (!carnet || page === null || page < 1 || page > 2 * carnet.operations.length) return null;
  if (page % 2) return page === 1 ? "departure" : "entry";
  return page === 2 * carnet.operations.length ? "destination" : "exit";
}

/** What the phone knows and its source does not: it stamped this page itself a moment ago. */
export function withOwnStamp(shown: Screenful, office: string): Screenful {
  if (shown.reasons.some(({ code }) => code === "voucher_already_stamped")) return shown;
  const own: Reason = { code: "voucher_already_stamped", level: "look", facts: { page: shown.page, office } };
  const verdict = verdictOf([own, ...shown.reasons]);
  return { ...shown, reasons: [own, ...shown.reasons], verdict };
}

export function presentedBy(
  read: { claims: Claims } | { error: TokenError } | null,
  typed: { number: string | null; page: number | null },
  held: { carnet: Carnet | null; office: Office },
  now: number,
): Presented {
  return { token: read, ...typed, ...held, at: now, now, isOnline: true, seen: null };
}
