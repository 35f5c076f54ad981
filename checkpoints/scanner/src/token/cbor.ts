// Reads the little of CBOR (RFC 8949) that a voucher's payload is made of, in its deterministic form only.

export type Cbor = number | string | boolean | null | Uint8Array | Cbor[] | Map<Cbor, Cbor>;

const TEXT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const DEEPEST = 8;

/** Returns the one item that the bytes hold; throws RangeError for anything else. */
export function decodeCbor(bytes: Uint8Array): Cbor {
  const reader = { bytes, at: 0 };
  const item = readItem(reader, 0);
  if (reader.at !== bytes.length) throw new RangeError("more than one item");
  return item;
}

interface Reader {
  bytes: Uint8Array;
  at: number;
}

function readItem(reader: Reader, depth: number): Cbor {
  if (depth > DEEPEST) throw new RangeError("too deep");
  const head = take(reader, 1)[0]!;
  const kind = head >> 5;
  if (kind === 7) return simple(head);
  const count = argument(reader, head & 31);
  switch (kind) {
    case 0:
      return count;
    case 1:
      return -1 - count;
    case 2:
      return take(reader, count);
    case 3:
      return TEXT.decode(take(reader, count));
    case 4:
      return list(reader, count, depth);
    case 5:
      return map(reader, count, depth);
    default:
      throw new RangeError("a tag");
  }
}

function simple(head: number): Cbor {
  if (head === 0xf4 || head === 0xf5) return head === 0xf5;
  if (head === 0xf6) return null;
  throw new RangeError("not a simple value of ours");
}

/** The shortest form only: 23 is one byte, never two. */
function argument(reader: Reader, low: number): number {
  if (low < 24) return low;
  if (low > 27) throw new RangeError("of no stated length");
  const width = 1 << (low - 24);
  const value = take(reader, width).reduce((sum, byte) => sum * 256 + byte, 0);
  const least = low === 24 ? 24 : 2 ** (4 * width);
  if (value < least || !Number.isSafeInteger(value)) throw new RangeError("not the shortest form");
  return value;
}

function take(reader: Reader, length: number): Uint8Array {
  if (reader.at + length > reader.bytes.length) throw new RangeError("cut short");
  reader.at += length;
  return reader.bytes.subarray(reader.at - length, reader.at);
}

function list(reader: Reader, count: number, depth: number): Cbor[] {
  const items: Cbor[] = [];
  for (let index = 0; index < count; index++) items.push(readItem(reader, depth + 1));
  return items;
}

function map(reader: Reader, count: number, depth: number): Map<Cbor, Cbor> {
  const pairs = new Map<Cbor, Cbor>();
  for (let index = 0; index < count; index++) {
    const key = readItem(reader, depth + 1);
    if (pairs.has(key)) throw new RangeError("a key twice");
    pairs.set(key, readItem(reader, depth + 1));
  }
  return pairs;
}
