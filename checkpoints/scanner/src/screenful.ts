// What fills the officer's screen about one carnet: made of the server's answer, or of the phone's own judgement.

import type { Carnet, FactValues, Level, Office, Registers, Role, Verdict } from "./judging/held";
import { operationOfPage, roleOfPage } from "./judging/held";
import type { Lane } from "./judging/generated";
import { asVouched, judgePresented, officeFinder, type Presented, verdictOf } from "./judging/judge";
import { project } from "./judging/projection";
import { sideOf } from "./judging/rules";
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
  plates: string[];
  /** null: not known here. */
  seals: string[] | null;
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
    packages: number;
    plates: string[];
    operations: { sequence: number; pages: number[]; territory: string; status: string; time_limit: string | null }[];
    last_stamp: { role: string; office: string; at: string } | null;
  } | null;
  expected: { page: number; role: Role; office: string } | null;
  seals: string[] | null;
  risk: { lane: Lane } | null;
}

const NOTHING_KNOWN = {
  role: "" as const,
  plates: [],
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
  const isOfHere = !judged.findings.some(({ code }) => code === "territory_not_on_route" || code === "qr_differs");
  const carnet = isOfHere ? (presented.carnet ?? (claims && asVouched(claims, registers))) : null;
  const page = presented.page ?? claims?.page ?? judged.expectedPage;
  const shown = carnet ? shownOf(carnet, page, presented.carnet !== null, registers) : NOTHING_KNOWN;
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

function shownOf(carnet: Carnet, page: number | null, isHeld: boolean, registers: Registers) {
  const facts = isHeld ? project(carnet, carnet.stamps, officeFinder(registers)) : [];
  const own = page === null ? undefined : facts[Math.floor((page - 1) / 2)];
  const operation = page === null ? undefined : operationOfPage(carnet, page);
  return {
    role: operation && page !== null ? roleOfPage(operation, page) : ("" as const),
    plates: carnet.plates,
    packages: isHeld ? carnet.packages : null,
    timeLimit: iso(own?.timeLimitAt),
    lastStamp: lastStamp(carnet, facts),
    isHistoryKnown: isHeld,
    holder: [carnet.holder.name, carnet.holder.id].filter(Boolean).join(", "),
    guarantee: carnet.guarantee.reference,
    validUntil: carnet.acceptance_until,
    legs: carnet.operations.map(({ sequence, territory }) => ({
      sequence,
      territory,
      status: facts[sequence - 1]?.status ?? "",
      timeLimit: iso(facts[sequence - 1]?.timeLimitAt),
    })),
    lane: null,
  };
}

function iso(at: number | null | undefined): string | null {
  return at === null || at === undefined ? null : new Date(at).toISOString();
}

function lastStamp(carnet: Carnet, facts: ReturnType<typeof project>): Screenful["lastStamp"] {
  for (let page = 2 * facts.length; page > 0; page--) {
    const side = sideOf(facts, page);
    const at = side?.at ?? null;
    if (side && at !== null) {
      return { role: roleOfPage(operationOfPage(carnet, page)!, page), office: side.office, at: new Date(at).toISOString() };
    }
  }
  return null;
}

/** `asked`: what was scanned or typed, for an answer that names no carnet. */
export function screenfulOfServer(
  answer: ScanAnswer,
  asked: { number: string; page: number | null; role: Role | "" },
): Screenful {
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
      packages: carnet.packages,
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
  return { token: read, ...typed, ...held, at: now, now, seen: null };
}
