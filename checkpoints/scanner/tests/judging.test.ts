import { describe, expect, test } from "vitest";
import { RULES } from "../src/judging/generated";
import { parseNumber } from "../src/numbers";
import { isAboutSeals } from "../src/queue/evidence";
import { importKeys } from "../src/token/token";
import { judged, judgedByThePhone } from "./judged";

const keys = await importKeys(judged.keys);

describe("a phone without network judges as the server does", () => {
  test("in at least 300 cases, with every rule broken somewhere", () => {
    const codes = new Set(judged.cases.flatMap((each) => each.expect.findings.map(([code]) => code)));

    expect(judged.cases.length).toBeGreaterThanOrEqual(300);
    expect(RULES.map((rule) => rule.code).filter((code) => !codes.has(code))).toEqual([]);
  });

  test.each(judged.cases.map((each) => [each.name, each] as const))("%s", async (_name, each) => {
    expect(await judgedByThePhone(each, judged, keys)).toEqual(each.expect);
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
