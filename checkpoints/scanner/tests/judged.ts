// The judged cases that the server's tests run too.

import { readFileSync } from "node:fs";
import type { Carnet, Registers, Seen, Verdict } from "../src/judging/facts";
import type { IncidentKind } from "../src/judging/generated";

interface JudgedCase {
  name: string;
  office: string;
  now: string;
  at: string;
  qr: string | null;
  number: string | null;
  carnet: Carnet | null;
  page: number | null;
  seen: Seen | null;
  expect: { verdict: Verdict; codes: string[]; expected_page: number | null; seals: string[] | null };
}

interface Judged extends Registers {
  keys: { keys: JsonWebKey[] };
  test_keys: { ours: JsonWebKey; foreign: JsonWebKey };
  own_reports: { kind: IncidentKind; seals_broken: string[]; seals_affixed: string[]; about_seals: boolean }[];
  numbers: { typed: string; number: string | null }[];
  cases: JudgedCase[];
}

const FILE = new URL("../../../tests/judging/cases.json", import.meta.url);

export const judged: Judged = JSON.parse(readFileSync(FILE, "utf-8"));
