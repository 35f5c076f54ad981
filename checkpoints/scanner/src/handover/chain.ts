// A chain of codes: what one phone shows on its screen and another reads with its camera.
//
// A frame is the text `TIRH1:` and base45 of: a byte of flags, the frame's number (4 bytes), how many parts there are (2),
// the length of the whole (4), its SHA-256 (32), and a piece. Text, and not plain bytes, because a browser's reader gives
// what it reads as text; in capital letters, so that the symbol needs no more room than plain bytes would. The checksum
// is the transfer's name too.

import { decodeBase45, encodeBase45 } from "../token/base45";
import { Joining, pieceOf, sizeOf, split } from "./pieces";
import { FRAME } from "./mark";

const HEADER = 43;
/** So that a frame fills a symbol of version 20 at level M, 97 modules wide: read at 20 to 30 cm by a camera of 1280 × 720. */
const LARGEST_PIECE = 599;
/** At five a second almost seven minutes: nobody holds a phone that long. */
const MOST_PARTS = 2_000;
const PACKED = 1;

interface Header {
  isPacked: boolean;
  count: number;
  total: number;
  digest: string;
}

interface Frame extends Header {
  index: number;
  piece: Uint8Array;
}

/** More than a chain can carry. */
export class TooLong extends Error {}

/** What was read is not what was shown. */
export class Spoilt extends Error {}

export class Chain {
  private constructor(
    private readonly header: Header,
    private readonly parts: Uint8Array[],
  ) {}

  /** Throws TooLong. */
  static async of(whole: Uint8Array, isPacked: boolean): Promise<Chain> {
    const parts = split(whole, LARGEST_PIECE);
    if (parts.length > MOST_PARTS) throw new TooLong();
    return new Chain({ isPacked, count: parts.length, total: whole.length, digest: await digestOf(whole) }, parts);
  }

  get count(): number {
    return this.header.count;
  }

  get total(): number {
    return this.header.total;
  }

  get name(): string {
    return nameOf(this.header.digest);
  }

  /** The text of a frame; there is one for every number. */
  frame(index: number): string {
    const { isPacked, count, total, digest } = this.header;
    const piece = pieceOf(this.parts, index);
    const bytes = new Uint8Array(HEADER + piece.length);
    const view = new DataView(bytes.buffer);
    view.setUint8(0, isPacked ? PACKED : 0);
    view.setUint32(1, index);
    view.setUint16(5, count);
    view.setUint32(7, total);
    bytes.set(Uint8Array.from({ length: 32 }, (_, at) => Number.parseInt(digest.slice(2 * at, 2 * at + 2), 16)), 11);
    bytes.set(piece, HEADER);
    return FRAME + encodeBase45(bytes);
  }
}

/** Returns null for any other code. */
export function readFrame(text: string): Frame | null {
  const bytes = text.startsWith(FRAME) ? decodeBase45(text.slice(FRAME.length)) : null;
  if (!bytes || bytes.length <= HEADER) return null;
  const view = new DataView(bytes.buffer);
  const [flags, index, count, total] = [view.getUint8(0), view.getUint32(1), view.getUint16(5), view.getUint32(7)];
  const isPossible = flags <= PACKED && count > 0 && count <= MOST_PARTS && total > 0;
  if (!isPossible || bytes.length - HEADER !== sizeOf(total, count)) return null;
  return { isPacked: flags === PACKED, index, count, total, digest: hex(bytes.subarray(11, HEADER)), piece: bytes.slice(HEADER) };
}

/** `new`, or `known` already; `other`: of another transfer than the one begun; `none`: no frame at all. */
export type Seen = "new" | "known" | "other" | "none";

/** Reads one transfer: the one whose frame it sees first. */
export class ChainReader {
  private header: Header | null = null;
  private joining: Joining | null = null;

  see(text: string): Seen {
    const frame = readFrame(text);
    if (!frame) return "none";
    this.joining ??= this.begin(frame);
    const { digest, count, total, isPacked } = this.header!;
    const isSame = frame.digest === digest && frame.count === count && frame.total === total && frame.isPacked === isPacked;
    if (!isSame) return "other";
    return this.joining.add(frame.index, frame.piece) ? "new" : "known";
  }

  private begin({ isPacked, count, total, digest }: Frame): Joining {
    this.header = { isPacked, count, total, digest };
    return new Joining(total, count);
  }

  get name(): string {
    return this.header ? nameOf(this.header.digest) : "";
  }

  get count(): number {
    return this.joining?.count ?? 0;
  }

  get held(): number {
    return this.joining?.held ?? 0;
  }

  get missing(): number[] {
    return this.joining?.missing ?? [];
  }

  /** What was shown, once all of it has been read; null before. Throws Spoilt. */
  async whole(): Promise<{ bytes: Uint8Array; isPacked: boolean } | null> {
    const bytes = this.joining?.whole();
    if (!bytes || !this.header) return null;
    const { digest, isPacked } = this.header;
    if ((await digestOf(bytes)) !== digest) throw new Spoilt();
    return { bytes, isPacked };
  }
}

/** Short enough for two officers to compare. */
function nameOf(digest: string): string {
  return digest.slice(0, 6).toUpperCase();
}

async function digestOf(bytes: Uint8Array): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as BufferSource)));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
