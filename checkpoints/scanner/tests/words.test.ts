import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { RULES } from "../src/judging/generated";
import { en } from "../src/words/en";
import { ru } from "../src/words/ru";
import { isKey, type Key, say, sayFinding, speak } from "../src/words/words";
import { zh } from "../src/words/zh";
import { judged } from "./judged";

const KEYS = Object.keys(en) as Key[];
const TEXT = { text: /[\p{L}]/u, ru: /[а-яё]/i, zh: /[\p{Script=Han}]/u };
const factsOf = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map((each) => each[1]).sort();

afterEach(async () => speak("en"));

describe("the words", () => {
  test.each(KEYS)("of %s are there in three languages and name the same facts", (key) => {
    for (const words of [ru, zh]) expect(factsOf(words[key])).toEqual(factsOf(en[key]));
  });

  test("are written in their own script", () => {
    const foreign = KEYS.filter((key) => TEXT.text.test(en[key].replace(/\{\w+\}|TIR|PIN/g, "")));

    expect(foreign.filter((key) => !TEXT.ru.test(ru[key]))).toEqual([]);
    expect(foreign.filter((key) => !TEXT.zh.test(zh[key]))).toEqual([]);
  });

  test("say every rule, and every code that a judged case comes to", () => {
    const codes = new Set<string>([...RULES.map(({ code }) => code), ...judged.cases.flatMap((each) => each.expect.findings.map(([code]) => code))]);

    expect([...codes].filter((code) => !isKey(code))).toEqual([]);
  });

  test("name a choice in the language spoken", async () => {
    const withdrawn = { code: "not_in_circulation", level: "stop", facts: { control: "stolen" } } as const;

    expect(sayFinding(withdrawn)).toContain("reported stolen");
    await speak("ru");
    expect(sayFinding(withdrawn)).toContain("похищенной");
  });

  test("leave a dash where a fact is not known", () => {
    expect(say("expired_at_accept", { acceptance_until: null })).toContain("was —.");
  });
});

describe("contrast is at least 7 to 1", () => {
  const css = readFileSync(new URL("../src/style.css", import.meta.url), "utf-8");
  const [day, night] = [...css.matchAll(/:root \{([^}]*)\}/g)].map((block) => block[1]!) as [string, string];
  const colour = (block: string, name: string) => new RegExp(`--${name}: (#\\w{6})`).exec(block)![1]!;
  const bands = [...css.matchAll(/--band: (#\w{6});\s*--band-ink: (#\w{6})/g)].map((each) => [each[1]!, each[2]!]);

  test("for each of the four verdicts", () => {
    expect(bands.length).toBe(5);
    for (const [ground, ink] of bands) expect(contrast(ground!, ink!)).toBeGreaterThanOrEqual(7);
  });

  test.each(["day", "night"])("for plates, buttons and what is fresh by %s", (time) => {
    const block = time === "day" ? day : night;
    for (const [ground, ink] of [
      ["sheet", "ink"],
      ["ground", "ink"],
      ["seal", "ink"],
      ["act", "act-ink"],
      ["ground", "green"],
      ["ground", "amber"],
      ["ground", "red"],
    ]) {
      expect(contrast(colour(block, ground!), colour(block, ink!)), `${ground} ${ink}`).toBeGreaterThanOrEqual(7);
    }
  });
});

/** WCAG 2.2, relative luminance. */
function contrast(one: string, other: string): number {
  const light = [one, other].map((hex) => {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  });
  const [darker, lighter] = light.sort((first, second) => first - second);
  return (lighter! + 0.05) / (darker! + 0.05);
}
