import { describe, expect, test } from "vitest";
import { decodeBase45, encodeBase45 } from "../src/token/base45";
import { decodeCbor } from "../src/token/cbor";
import { importKeys, readToken } from "../src/token/token";
import { judged } from "./judged";

const keys = await importKeys(judged.keys);
const genuine = (await Promise.all(
  judged.cases.map(async (each) => (each.qr && (await readToken(each.qr, keys)).claims ? each.qr : null)),
)).filter((qr) => qr !== null);
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const FUZZED = 10_000;

/** The same numbers in every run, so that a failure can be looked at. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const chance = chances(20_261_124);
const below = (limit: number) => Math.floor(chance() * limit);

function mangled(text: string): string {
  const at = below(text.length);
  switch (below(7)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + ALPHABET[below(45)] + text.slice(at + 1);
    case 2:
      return text.slice(0, at) + text.slice(at + 1 + below(4));
    case 3:
      return text.slice(0, at) + ALPHABET[below(45)] + text.slice(at);
    case 4:
      return text.slice(at) + text.slice(0, at);
    case 5:
      return Array.from({ length: below(400) }, () => String.fromCodePoint(below(0x1_0000) || 1)).join("");
    default:
      return `TIR1:${encodeBase45(Uint8Array.from({ length: below(300) }, () => below(256)))}`;
  }
}

describe("a signed code", () => {
  test(`of ${FUZZED} mangled ones none is believed and none throws`, async () => {
    const answers = new Set<string>();
    const believed: string[] = [];
    for (let round = 0; round < FUZZED; round++) {
      const original = genuine[round % genuine.length]!;
      const text = mangled(original);
      const { claims, error } = await readToken(text, keys);
      if (claims && text !== original) believed.push(text);
      answers.add(error ?? "read");
    }

    expect(believed).toEqual([]);
    expect(answers).toContain("token_signature_invalid");
  });

  test("is refused with any one byte of it changed", async () => {
    const bytes = decodeBase45(genuine[0]!.slice(5))!;
    for (let at = 0; at < bytes.length; at++) {
      const changed = Uint8Array.from(bytes);
      changed[at]! ^= 1 + below(255);
      expect((await readToken(`TIR1:${encodeBase45(changed)}`, keys)).claims).toBeUndefined();
    }
  });

  test("signed with a key that is not published is of an unknown key", async () => {
    expect(await readToken(genuine[0]!, [])).toEqual({ error: "token_unknown_key" });
    const foreign = await importKeys({ keys: [judged.test_keys.foreign] });
    expect(await readToken(genuine[0]!, foreign)).toEqual({ error: "token_unknown_key" });
  });

  test("is read with keys of other kinds beside ours", async () => {
    const mixed = await importKeys({ keys: [{ kty: "RSA", n: "AQAB", e: "AQAB" }, {}, ...judged.keys.keys] });

    expect((await readToken(genuine[0]!, mixed)).claims?.number).toMatch(/^X/);
  });
});

describe("CBOR", () => {
  test.each([
    ["1817", "not the shortest form"],
    ["190017", "not the shortest form"],
    ["62c328", "The encoded data"],
    ["0000", "more than one item"],
    ["c100", "a tag"],
    ["a201010102", "a key twice"],
    ["818181818181818181818100", "too deep"],
    ["5f", "of no stated length"],
    ["43ab", "cut short"],
    ["f97e00", "not a simple value"],
  ])("%s is refused", (hex, why) => {
    const bytes = Uint8Array.from(hex.match(/../g)!, (pair) => Number.parseInt(pair, 16));

    expect(() => decodeCbor(bytes)).toThrow(why);
  });
});
