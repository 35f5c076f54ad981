// Bytes as an endless row of pieces: the first are their parts in order, each further one is some of the parts laid over
// one another (XOR), drawn by the piece's number. As many pieces as there are parts, rarely one or two more, make the
// whole again, whichever they are: what a camera misses costs no whole round.

/** The parts, all of one length; the last is filled up with zeros. */
export function split(whole: Uint8Array, largest: number): Uint8Array[] {
  const count = Math.max(1, Math.ceil(whole.length / largest));
  const size = sizeOf(whole.length, count);
  return Array.from({ length: count }, (_, part) => {
    const bytes = new Uint8Array(size);
    bytes.set(whole.subarray(part * size, (part + 1) * size));
    return bytes;
  });
}

export function sizeOf(total: number, count: number): number {
  return Math.ceil(total / count);
}

export function pieceOf(parts: Uint8Array[], index: number): Uint8Array {
  const piece = new Uint8Array(parts[0]!.length);
  drawn(index, parts.length).forEach((isIn, part) => {
    if (isIn) lay(piece, parts[part]!);
  });
  return piece;
}

/** Which parts piece `index` is made of: 1 for each that is in it, never none. */
function drawn(index: number, count: number): Uint8Array {
  const parts = new Uint8Array(count);
  if (index >= count) {
    const bit = bits(index);
    for (let part = 0; part < count; part++) parts[part] = bit();
  }
  if (!parts.includes(1)) parts[index % count] = 1;
  return parts;
}

/** Bits that both phones draw alike from a number (mulberry32). */
function bits(seed: number): () => 0 | 1 {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 31) as 0 | 1;
  };
}

function lay(row: Uint8Array, over: Uint8Array): void {
  for (let at = 0; at < row.length; at++) row[at]! ^= over[at]!;
}

/** Collects pieces in any order until they make the whole. */
export class Joining {
  /** At each part's place a row that begins with it: which parts it is made of, then their bytes laid over one another. */
  private readonly rows: (Uint8Array | undefined)[];
  /** How many pieces have told something new. */
  held = 0;

  constructor(
    private readonly total: number,
    readonly count: number,
  ) {
    this.rows = Array.from({ length: count });
  }

  /** Whether the piece told anything new. */
  add(index: number, piece: Uint8Array): boolean {
    const row = new Uint8Array(this.count + piece.length);
    row.set(drawn(index, this.count));
    row.set(piece, this.count);
    for (let part = 0; part < this.count; part++) {
      if (row[part] === 0) continue;
      const known = this.rows[part];
      if (!known) {
        this.rows[part] = row;
        this.held++;
        return true;
      }
      lay(row, known);
    }
    return false;
  }

  /** The places, counted from 0, for which no piece has come yet. */
  get missing(): number[] {
    return [...this.rows.keys()].filter((part) => !this.rows[part]);
  }

  /** The bytes; null while pieces are missing. */
  whole(): Uint8Array | null {
    if (this.held < this.count) return null;
    const whole = new Uint8Array(this.count * sizeOf(this.total, this.count));
    for (let part = this.count - 1; part >= 0; part--) {
      const row = this.rows[part]!;
      for (let later = part + 1; later < this.count; later++) if (row[later] === 1) lay(row, this.rows[later]!);
      whole.set(row.subarray(this.count), part * (row.length - this.count));
    }
    return whole.subarray(0, this.total);
  }
}
