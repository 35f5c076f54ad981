// This phone as a witness of the server's log: it keeps the last checkpoint, and wants each next one to have grown out of it.
// A stamp that the server dropped, or a log that it wrote anew, is found by the phones that saw the first one.

import { isConsistent } from "./consistency";

/** What the bundle says of the log: its newest checkpoint, as it was signed. */
export interface SaidLog {
  origin: string;
  size: number;
  checkpoint: string;
}

/** What this phone has seen of the log. `broken`: a checkpoint that did not grow out of it; both are kept as evidence. */
export interface SeenLog extends SaidLog {
  broken?: SaidLog;
}

/** The proof that the log of `size` grew out of that of `from`, a hash a line; null where it cannot be had now. */
export type AskProof = (from: number, size: number) => Promise<string[] | null>;

/** Return what is to be kept from now on. What does not fit stays told until the phone is erased. */
export async function witness(seen: SeenLog | null, said: SaidLog | null, ask: AskProof): Promise<SeenLog | null> {
  if (said === null || rootOf(said) === null || seen?.broken) return seen;
  // A log that was ended, as after a backup was brought back, is continued under another name.
  if (seen === null || seen.origin !== said.origin || seen.size === 0) return said;
  if (said.size < seen.size) return { ...seen, broken: said };
  const proof = said.size === seen.size ? [] : await ask(seen.size, said.size);
  if (proof === null) return seen;
  return (await isConsistent(seen.size, said.size, proof, rootOf(seen)!, rootOf(said)!)) ? said : { ...seen, broken: said };
}

/** Of a checkpoint's text: origin, size, root, a line each. */
function rootOf({ origin, size, checkpoint }: SaidLog): string | null {
  const [name, entries, root] = checkpoint.split("\n");
  return name === origin && entries === String(size) && root ? root : null;
}

/** Ask the server for a proof; nobody need be signed in. */
export async function askProof(from: number, size: number): Promise<string[] | null> {
  try {
    const answer = await fetch(`/api/v1/log/proof?from=${from}&size=${size}`, { signal: AbortSignal.timeout(10_000) });
    return answer.ok ? (await answer.text()).split("\n").filter((line) => line !== "") : null;
  } catch {
    return null;
  }
}
