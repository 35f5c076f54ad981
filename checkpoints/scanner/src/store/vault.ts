// What lies on the phone lies encrypted: AES-GCM with a key made here, which only the PIN unlocks. The password of the
// last sign-in unlocks it too, so that a forgotten PIN loses no stamp.

const ITERATIONS = 600_000; // PBKDF2-HMAC-SHA-256; about half a second on a cheap phone
const AES = { name: "AES-GCM", length: 256 };

/** The data key, wrapped by a key derived from a secret. */
export interface Wrapped {
  salt: Uint8Array<ArrayBuffer>;
  iterations: number;
  iv: Uint8Array<ArrayBuffer>;
  key: ArrayBuffer;
}

export interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  box: ArrayBuffer;
}

/** Make a data key and wrap it with each secret. */
export async function makeKey(secrets: string[], iterations = ITERATIONS): Promise<{ vault: Vault; wrapped: Wrapped[] }> {
  const key = await crypto.subtle.generateKey(AES, true, ["encrypt", "decrypt"]);
  const wrapped: Wrapped[] = [];
  for (const secret of secrets) wrapped.push(await wrap(key, secret, iterations));
  return { vault: await unlock(wrapped[0]!, secrets[0]!), wrapped };
}

/** Unwrap the data key; throws when the secret is not the one it was wrapped with. */
export async function unlock(wrapped: Wrapped, secret: string): Promise<Vault> {
  return new Vault(await unwrap(wrapped, secret, false));
}

/** Wrap the data key anew with another secret, unlocking it with one that fits. */
export async function rewrap(
  wrapped: Wrapped,
  secret: string,
  other: string,
  iterations = ITERATIONS,
): Promise<Wrapped> {
  return wrap(await unwrap(wrapped, secret, true), other, iterations);
}

async function wrap(key: CryptoKey, secret: string, iterations: number): Promise<Wrapped> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const by = await derive(secret, salt, iterations);
  return { salt, iterations, iv, key: await crypto.subtle.wrapKey("raw", key, by, { name: "AES-GCM", iv }) };
}

async function unwrap({ salt, iterations, iv, key }: Wrapped, secret: string, again: boolean): Promise<CryptoKey> {
  const by = await derive(secret, salt, iterations);
  return crypto.subtle.unwrapKey("raw", key, by, { name: "AES-GCM", iv }, AES, again, ["encrypt", "decrypt"]);
}

async function derive(secret: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret);
  const material = await crypto.subtle.importKey("raw", bytes, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, material, AES, false, ["wrapKey", "unwrapKey"]);
}

/** Seals and opens JSON values; its key cannot be read out of it. */
export class Vault {
  constructor(private readonly key: CryptoKey) {}

  async seal(value: unknown): Promise<Sealed> {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const bytes = new TextEncoder().encode(JSON.stringify(value));
    return { iv, box: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.key, bytes) };
  }

  async open<Value>({ iv, box }: Sealed): Promise<Value> {
    const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, this.key, box);
    return JSON.parse(new TextDecoder().decode(bytes)) as Value;
  }
}
