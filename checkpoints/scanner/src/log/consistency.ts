// Whether one tree of the server's log grew out of another (RFC 9162, 2.1.4.2): told by hashes alone.

/** Whether the proof shows that the tree of `size` begins with the one of `old`. */
export async function isConsistent(old: number, size: number, proof: string[], oldRoot: string, root: string): Promise<boolean> {
  if (old === size) return proof.length === 0 && oldRoot === root && (size > 0 || root === EMPTY);
  if (old <= 0 || old > size || proof.length === 0) return false;
  const hashes = proof.map(bytes);
  const before = bytes(oldRoot);
  if ([...hashes, before, bytes(root)].some((hash) => hash.length !== HASH)) return false;
  const roots = await rootsOf(old, size, isPowerOfTwo(old) ? [before, ...hashes] : hashes);
  return roots !== null && base64(roots.old) === oldRoot && base64(roots.now) === root;
}

async function rootsOf(old: number, size: number, [first, ...others]: Uint8Array[]): Promise<{ old: Uint8Array; now: Uint8Array } | null> {
  let [at, last] = [old - 1, size - 1];
  while (at % 2 === 1) [at, last] = half(at, last);
  let [before, now] = [first!, first!];
  for (const hash of others) {
    if (last === 0) return null;
    if (at % 2 === 1 || at === last) {
      [before, now] = [await node(hash, before), await node(hash, now)];
      while (at !== 0 && at % 2 === 0) [at, last] = half(at, last);
    } else now = await node(now, hash);
    [at, last] = half(at, last);
  }
  return last === 0 ? { old: before, now } : null;
}

const HASH = 32; // bytes
const EMPTY = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="; // the root of no entries

function half(at: number, last: number): [number, number] {
  return [Math.floor(at / 2), Math.floor(last / 2)];
}

function isPowerOfTwo(number: number): boolean {
  return Number.isInteger(Math.log2(number));
}

async function node(left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  const both = new Uint8Array(1 + 2 * HASH);
  both[0] = 1;
  both.set(left, 1);
  both.set(right, 1 + HASH);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", both));
}

function bytes(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array(0);
  }
}

function base64(hash: Uint8Array): string {
  return btoa(String.fromCharCode(...hash));
}
