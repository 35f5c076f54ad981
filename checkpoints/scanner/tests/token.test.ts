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

/** Sign the payload of a genuine code again as RFC 9052 says, for an installation and with a key of the test's own. */
async function signedFor(installation: "real" | "training", genuineBytes: Uint8Array, kid: string, key: CryptoKey) {
  const head = Uint8Array.from(genuineBytes.subarray(3, 16));
  head.set(kid.match(/../g)!.map((pair) => Number.parseInt(pair, 16)), 5);
  const payload = genuineBytes.subarray(genuineBytes.at(17) === 0x58 ? 19 : 20, -66);
  const external = new TextEncoder().encode(installation === "real" ? "" : installation);
  const string = (bytes: Uint8Array) =>
    bytes.length < 24
      ? [0x40 + bytes.length, ...bytes]
      : bytes.length < 256
        ? [0x58, bytes.length, ...bytes]
        : [0x59, bytes.length >> 8, bytes.length & 255, ...bytes];
  const context = new TextEncoder().encode("Signature1");
  const message = [0x84, 0x60 + context.length, ...context, ...string(head), ...string(external), ...string(payload)];
  const signature = new Uint8Array(
    await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, Uint8Array.from(message)),
  );
  const whole = [0xd2, 0x84, ...string(head), 0xa0, ...string(payload), ...string(signature)];
  return (installation === "real" ? "TIR1:" : "TIR-TRAINING1:") + encodeBase45(Uint8Array.from(whole));
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

  test("of training or a demonstration is refused at a real post, and a real one in training, whatever is cut off or put on", async () => {
    const real = genuine[0]!;
    const ours = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
    const known = await importKeys({ keys: [await crypto.subtle.exportKey("jwk", ours.publicKey)] });
    const drill = await signedFor("training", decodeBase45(real.slice("TIR1:".length))!, known[0]!.kid, ours.privateKey);

    expect((await readToken(drill, known, "training")).claims?.number).toMatch(/^X/);
    for (const installation of ["real", "demo"] as const) {
      expect(await readToken(drill, known, installation)).toEqual({ error: "token_other_installation" });
    }
    const cut = drill.replace("TIR-TRAINING1:", "TIR1:");
    expect(await readToken(cut, known)).toEqual({ error: "token_signature_invalid" });

    expect((await readToken(real, keys)).claims?.number).toMatch(/^X/);
    for (const installation of ["training", "demo"] as const) {
      expect(await readToken(real, keys, installation)).toEqual({ error: "token_other_installation" });
    }
    const putOn = real.replace("TIR1:", "TIR-TRAINING1:");
    expect(await readToken(putOn, keys, "training")).toEqual({ error: "token_signature_invalid" });
  });

  test("of a key that was revoked is refused after the next sync, and one of the key beside it is read on", async () => {
    const [revoked, kept] = await Promise.all(
      [1, 2].map(() => crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"])),
    );
    const published = await Promise.all(
      [revoked!, kept!].map(({ publicKey }) => crypto.subtle.exportKey("jwk", publicKey)),
    );
    const both = await importKeys({ keys: published });
    const bytes = decodeBase45(genuine[0]!.slice("TIR1:".length))!;
    const old = await signedFor("real", bytes, both[0]!.kid, revoked!.privateKey);
    const young = await signedFor("real", bytes, both[1]!.kid, kept!.privateKey);
    for (const text of [old, young]) expect((await readToken(text, both)).claims?.number).toMatch(/^X/);

    const afterSync = await importKeys({ keys: published.slice(1) });

    expect(await readToken(old, afterSync)).toEqual({ error: "token_unknown_key" });
    expect((await readToken(young, afterSync)).claims?.number).toMatch(/^X/);
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
