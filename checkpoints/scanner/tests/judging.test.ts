import { describe, expect, test } from "vitest";
import { RULES } from "../src/judging/generated";
import { judgePresented } from "../src/judging/judge";
import { parseNumber } from "../src/numbers";
import { isAboutSeals } from "../src/queue/evidence";
import { importKeys, readToken } from "../src/token/token";
import { judged } from "./judged";

const keys = await importKeys(judged.keys);

describe("a phone without network judges as the server does", () => {
  test("in at least 150 cases, with every rule broken somewhere", () => {
    const codes = new Set(judged.cases.flatMap((each) => each.expect.codes));

    expect(judged.cases.length).toBeGreaterThanOrEqual(150);
    expect(RULES.map((rule) => rule.code).filter((code) => !codes.has(code))).toEqual([]);
  });

  test.each(judged.cases.map((each) => [each.name, each] as const))("%s", async (_name, each) => {
    const presented = {
      token: each.qr === null ? null : await readToken(each.qr, keys),
      number: each.number === null ? null : parseNumber(each.number),
      page: each.page,
      carnet: each.carnet,
      office: judged.offices.find((office) => office.code === each.office)!,
      at: Date.parse(each.at),
      now: Date.parse(each.now),
      seen: each.seen,
    };

    const found = judgePresented(presented, judged);

    expect({
      verdict: found.verdict,
      codes: found.findings.map((finding) => finding.code),
      expected_page: found.expectedPage,
      seals: found.seals,
    }).toEqual(each.expect);
  });
});

describe("a report drawn up on the phone", () => {
  test.each(judged.own_reports)("$kind, broken $seals_broken, affixed $seals_affixed", ({ about_seals, ...said }) => {
    expect(isAboutSeals(said)).toBe(about_seals);
  });
});

describe("numbers", () => {
  test.each(judged.numbers.map((each) => [each.typed, each.number]))("%j is read as %j", (typed, number) => {
    expect(parseNumber(typed!)).toBe(number);
  });
});
