// The judged cases that the server's tests run too, and what a phone says of one.

import { readFileSync } from "node:fs";
import type { Carnet, Finding, Level, Registers, Seen, Verdict } from "../src/judging/held";
import type { IncidentKind } from "../src/judging/generated";
import { judgePresented } from "../src/judging/judge";
import { parseNumber } from "../src/numbers";
import { type OwnDeed, withOwnDeeds } from "../src/queue/evidence";
import { readToken, type VerificationKey } from "../src/token/token";

export interface Expected {
  verdict: Verdict;
  findings: [string, Level][];
  expected_page: number | null;
  seals: string[] | null;
}

export interface JudgedCase {
  name: string;
  office: string;
  now: string;
  at: string;
  online: boolean;
  has_guarantor: boolean;
  excluding: string[];
  qr: string | null;
  number: string | null;
  carnet: Carnet | null;
  own: OwnDeed[];
  page: number | null;
  seen: Seen | null;
  expect: Expected;
}

export interface Judged extends Omit<Registers, "has_guarantor" | "excluding"> {
  keys: { keys: JsonWebKey[] };
  test_keys: { ours: JsonWebKey; foreign: JsonWebKey };
  own_reports: { kind: IncidentKind; seals_broken: string[]; seals_affixed: string[]; about_seals: boolean }[];
  numbers: { typed: string; number: string | null }[];
  cases: JudgedCase[];
}

const FILE = new URL("../../../tests/judging/cases.json", import.meta.url);

export function readJudged(file: URL | string): Judged {
  return JSON.parse(readFileSync(file, "utf-8"));
}

export const judged = readJudged(FILE);

/** What the phone says of a case, from what it holds and what it did itself. */
export async function judgedByThePhone(each: JudgedCase, file: Judged, keys: VerificationKey[]): Promise<Expected> {
  const office = file.offices.find(({ code }) => code === each.office)!;
  const presented = {
    token: each.qr === null ? null : await readToken(each.qr, keys),
    number: each.number === null ? null : parseNumber(each.number),
    page: each.page,
    carnet: each.carnet && withOwnDeeds(each.carnet, each.own, office.time_zone),
    office,
    at: Date.parse(each.at),
    now: Date.parse(each.now),
    isOnline: each.online,
    seen: each.seen,
  };
  const { has_guarantor, excluding } = each;
  const { verdict, findings, expectedPage, seals } = judgePresented(presented, { ...file, has_guarantor, excluding });
  return { verdict, findings: findings.map(pairOf), expected_page: expectedPage, seals };
}

function pairOf({ code, level }: Finding): [string, Level] {
  return [code, level];
}
