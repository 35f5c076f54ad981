// The phone as a witness: proofs as others published them, and each way in which a log may not have grown.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isConsistent } from "../src/log/consistency";
import { type SaidLog, type SeenLog, witness } from "../src/log/witness";

type Published = [number, number, string, string, string[], boolean];
const { consistency } = JSON.parse(readFileSync("../../tests/log/published.json", "utf8")) as { consistency: Published[] };

describe("a proof of growth", () => {
  test.each(consistency.map((each, at) => [at, each] as const))("%i is judged as published", async (_at, each) => {
    const [old, size, oldRoot, root, proof, isRight] = each;
    expect(await isConsistent(old, size, proof, oldRoot, root)).toBe(isRight);
  });

  test("there are some of both kinds", () => {
    expect(new Set(consistency.map((each) => each[5]))).toEqual(new Set([true, false]));
  });
});

const GROWN = consistency.find(([old, size, , , proof, isRight]) => isRight && old < size && proof.length > 0)!;
const [OLD, SIZE, OLD_ROOT, ROOT, PROOF] = GROWN;

function said(size: number, root: string, origin = "tir.example/log"): SaidLog {
  return { origin, size, checkpoint: `${origin}\n${size}\n${root}\n\n— ${origin} AAAA\n` };
}

const seen: SeenLog = said(OLD, OLD_ROOT);
const honest = async () => PROOF;

describe("what the phone keeps", () => {
  test("is the first checkpoint that it sees, and then each that has grown", async () => {
    expect(await witness(null, seen, honest)).toEqual(seen);
    expect(await witness(seen, said(SIZE, ROOT), honest)).toEqual(said(SIZE, ROOT));
    expect(await witness(seen, seen, honest)).toEqual(seen);
  });

  test("asks for the proof from what it saw to what it is told", async () => {
    const asked: number[][] = [];
    await witness(seen, said(SIZE, ROOT), async (...sizes) => (asked.push(sizes), PROOF));
    expect(asked).toEqual([[OLD, SIZE]]);
  });

  test.each([
    ["became smaller", said(OLD - 1, OLD_ROOT), PROOF],
    ["is another of the same size", said(OLD, ROOT), []],
    ["has another root", said(SIZE, OLD_ROOT), PROOF],
    ["has no proof", said(SIZE, ROOT), []],
  ])("is both where the log %s, for good", async (_how, told, proof) => {
    const broken = await witness(seen, told, async () => proof);
    expect(broken).toEqual({ ...seen, broken: told });
    expect(await witness(broken, said(SIZE, ROOT), honest)).toEqual(broken);
  });

  test("is what it was where the proof cannot be had now, nothing is said, or what is said is no checkpoint", async () => {
    expect(await witness(seen, said(SIZE, ROOT), async () => null)).toEqual(seen);
    expect(await witness(seen, null, honest)).toEqual(seen);
    expect(await witness(seen, { ...said(SIZE, ROOT), checkpoint: "made up" }, honest)).toEqual(seen);
  });

  test("is the new one where a log of another name goes on", async () => {
    const next = said(1, ROOT, "tir.example/log-2");
    expect(await witness(seen, next, honest)).toEqual(next);
  });
});
