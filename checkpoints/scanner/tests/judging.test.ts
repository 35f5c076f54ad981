import { describe, expect, test } from "vitest";
import { judgePresented } from "../src/judging/judge";
import { RULES } from "../src/judging/rules";
import { parseNumber } from "../src/numbers";
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

describe("numbers", () => {
  test.each(judged.numbers.map((each) => [each.typed, each.number]))("%j is read as %j", (typed, number) => {
    expect(parseNumber(typed!)).toBe(number);
  });
});
