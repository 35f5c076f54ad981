// Base45 (RFC 9285), the alphabet of a QR symbol's alphanumeric mode.

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const VALUES = new Map([...ALPHABET].map((character, value) => [character, value]));

/** Returns the bytes, or null for a text that no encoder writes: exactly one text stands for some bytes. */
export function decodeBase45(text: string): Uint8Array | null {
  if (text.length % 3 === 1) return null;
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 3) {
    const group = Array.from(text.slice(at, at + 3), (character) => VALUES.get(character));
    if (group.includes(undefined)) return null;
    const [low, middle, high] = group as [number, number, number?];
    const value = low + 45 * middle + 2025 * (high ?? 0);
    if (high === undefined) {
      if (value > 0xff) return null;
      bytes.push(value);
    } else {
      if (value > 0xffff) return null;
      bytes.push(value >> 8, value & 0xff);
    }
  }
  return Uint8Array.from(bytes);
}

export function encodeBase45(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 2) {
    const isPair = at + 1 < bytes.length;
    let value = isPair ? (bytes[at]! << 8) + bytes[at + 1]! : bytes[at]!;
    for (let place = 0; place < (isPair ? 3 : 2); place++) {
      text += ALPHABET[value % 45];
      value = Math.floor(value / 45);
    }
  }
  return text;
}
