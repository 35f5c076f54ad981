// Reads the signed code of a voucher page: TIR1: + base45(COSE_Sign1). The format is told in carnets/tokens.py.

import { decodeBase45 } from "./base45";
import { type Cbor, decodeCbor } from "./cbor";

export type TokenError =
  | "token_malformed"
  | "token_unknown_key"
  | "token_signature_invalid"
  | "token_other_installation"
  | "token_version_unsupported";

/** What the issuing association vouched for; days as YYYY-MM-DD, the instant in milliseconds. */
export interface Claims {
  number: string;
  page: number;
  holder: string;
  acceptanceUntil: string;
  plates: string[];
  territories: string[];
  issuer: string;
  guarantee: string;
  issuedAt: number;
}

export type Reading = { claims: Claims; error?: never } | { error: TokenError; claims?: never };

export interface VerificationKey {
  kid: string;
  key: CryptoKey;
}

/** What a server is for, by what its papers begin with. */
export type Installation = "real" | "training" | "demo";

const PREFIXES: Record<Installation, string> = { real: "TIR1:", training: "TIR-TRAINING1:", demo: "TIR-DEMO1:" };
const ANY_PREFIX = /^TIR[0-9]{1,3}:/;
const MOST_CHARACTERS = 2_000;
const KEYS_OF_CLAIMS = [1, 2, 6, -1, -2, -3, -4, -5, -6, -7];
const VERSION = 1;
const LAST_DAY = 2_932_896; // 9999-12-31, in days since 1970-01-01
const DAY = 86_400_000;
const ES256 = { name: "ECDSA", namedCurve: "P-256" };

// d2 84: COSE_Sign1 of four. 4d: a protected header of 13 bytes, {1: -7, 4: kid}. a0: nothing unprotected.
const BEFORE_KID = [0xd2, 0x84, 0x4d, 0xa2, 0x01, 0x26, 0x04, 0x48];
const PROTECTED = { from: 3, to: 16 };
const KID = { from: 8, to: 16 };
const SIGNATURE_BYTES = 64;

/** Import the published keys; one that is no EC P-256 key is left out. A kid follows from its key, it is not believed. */
export async function importKeys(jwks: { keys: JsonWebKey[] }): Promise<VerificationKey[]> {
  const imported = await Promise.all(
    jwks.keys.map(async ({ kty, crv, x, y }) => {
      try {
        const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y } as JsonWebKey, ES256, true, ["verify"]);
        const name = await crypto.subtle.digest("SHA-256", await crypto.subtle.exportKey("spki", key));
        return { kid: hex(new Uint8Array(name, 0, 8)), key };
      } catch {
        return null;
      }
    }),
  );
  return imported.filter((each) => each !== null);
}

/** Read a token of an installation; its payload is not looked at before the signature has been found good. Never throws. */
export async function readToken(
  text: string,
  keys: VerificationKey[],
  installation: Installation = "real",
): Promise<Reading> {
  if ([...text].length > MOST_CHARACTERS) return { error: "token_malformed" };
  const prefix = PREFIXES[installation];
  if (!text.startsWith(prefix)) {
    if (Object.values(PREFIXES).some((other) => text.startsWith(other))) return { error: "token_other_installation" };
    return { error: ANY_PREFIX.test(text) ? "token_version_unsupported" : "token_malformed" };
  }
  const bytes = decodeBase45(text.slice(prefix.length));
  const parts = bytes && open(bytes);
  if (!parts) return { error: "token_malformed" };
  const candidates = keys.filter((key) => key.kid === parts.kid);
  if (candidates.length === 0) return { error: "token_unknown_key" };
  if (!(await isSigned(parts, candidates, installation))) return { error: "token_signature_invalid" };
  return claimsOf(parts.payload);
}

interface Parts {
  kid: string;
  protectedHeader: Uint8Array;
  payload: Uint8Array;
  signature: Uint8Array;
}

/** Match the envelope byte for byte: no decoder meets bytes that nobody vouched for. */
function open(bytes: Uint8Array): Parts | null {
  if (BEFORE_KID.some((byte, at) => bytes[at] !== byte) || bytes[KID.to] !== 0xa0) return null;
  const at = KID.to + 1;
  const [length, start] = payloadLength(bytes, at);
  const end = start + length;
  if (length < 0 || bytes.length !== end + 2 + SIGNATURE_BYTES) return null;
  if (bytes[end] !== 0x58 || bytes[end + 1] !== SIGNATURE_BYTES) return null;
  return {
    kid: hex(bytes.subarray(KID.from, KID.to)),
    protectedHeader: bytes.subarray(PROTECTED.from, PROTECTED.to),
    payload: bytes.subarray(start, end),
    signature: bytes.subarray(end + 2),
  };
}

/** Return length and first byte of the payload; -1 where its length is not in the shortest form. */
function payloadLength(bytes: Uint8Array, at: number): [number, number] {
  const head = bytes[at] ?? 0;
  if (head >= 0x40 && head <= 0x57) return [head - 0x40, at + 1];
  const [one = 0, two = 0] = bytes.subarray(at + 1, at + 3);
  if (head === 0x58 && one > 23) return [one, at + 2];
  if (head === 0x59 && one > 0) return [one * 256 + two, at + 3];
  return [-1, at];
}

async function isSigned(
  parts: Parts,
  candidates: VerificationKey[],
  installation: Installation,
): Promise<boolean> {
  const message = toBeSigned(parts.protectedHeader, parts.payload, installation);
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  const signature = Uint8Array.from(parts.signature);
  for (const { key } of candidates) {
    if (await crypto.subtle.verify(algorithm, key, signature, message)) return true;
  }
  return false;
}

/** The Sig_structure of RFC 9052, 4.4: ["Signature1", protected, external, payload]; a real paper has nothing external. */
function toBeSigned(
  protectedHeader: Uint8Array,
  payload: Uint8Array,
  installation: Installation,
): Uint8Array<ArrayBuffer> {
  const external = new TextEncoder().encode(installation === "real" ? "" : installation);
  const context = new TextEncoder().encode("Signature1");
  return Uint8Array.from([
    0x84,
    0x60 + context.length,
    ...context,
    ...headed(protectedHeader),
    ...headed(external),
    ...headed(payload),
  ]);
}

function headed(bytes: Uint8Array): number[] {
  const { length } = bytes;
  if (length < 24) return [0x40 + length, ...bytes];
  return length < 256 ? [0x58, length, ...bytes] : [0x59, length >> 8, length & 0xff, ...bytes];
}

/** Read a payload that is known to be signed by one of our keys. */
function claimsOf(payload: Uint8Array): Reading {
  try {
    const found = decodeCbor(payload);
    if (!(found instanceof Map)) return { error: "token_malformed" };
    if (count(found.get(-7)) !== VERSION) return { error: "token_version_unsupported" };
    const names = [...found.keys()];
    const isOurs = names.length === KEYS_OF_CLAIMS.length && names.every((name, at) => name === KEYS_OF_CLAIMS[at]);
    return isOurs ? { claims: readClaims(found) } : { error: "token_malformed" };
  } catch {
    return { error: "token_malformed" };
  }
}

function readClaims(found: Map<Cbor, Cbor>): Claims {
  return {
    issuer: words(found.get(1)),
    number: words(found.get(2)),
    issuedAt: 1000 * count(found.get(6), (LAST_DAY + 1) * 86_400 - 1),
    page: count(found.get(-1)),
    holder: words(found.get(-2)),
    acceptanceUntil: new Date(DAY * count(found.get(-3), LAST_DAY)).toISOString().slice(0, 10),
    plates: list(found.get(-4)),
    territories: list(found.get(-5)),
    guarantee: words(found.get(-6)),
  };
}

function count(value: Cbor | undefined, most = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== "number" || value < 0 || value > most) throw new RangeError("not a count");
  return value;
}

function words(value: Cbor | undefined): string {
  if (typeof value !== "string") throw new RangeError("not a text");
  return value;
}

function list(value: Cbor | undefined): string[] {
  if (!Array.isArray(value)) throw new RangeError("not a list");
  return value.map(words);
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
