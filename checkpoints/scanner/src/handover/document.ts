// What a chain of codes carries: the unsent as the files that are exported, or what became of them.

import { readUnsent, type UnsentFile } from "../queue/file";
import type { Item, Problem, Receipt } from "../queue/items";

const UNSENT = "tir-handover-1";
const ANSWER = "tir-handover-answer-1";
const LONGEST = 20_000_000; // bytes of JSON: more is no document of ours, however small it was packed

/** All that is unsent at one office, as files that `POST /api/v1/unsent/` takes; of a colleague's too. */
export interface UnsentDocument {
  format: typeof UNSENT;
  office: string;
  files: UnsentFile[];
}

/** `taken`: kept by the colleague's phone, and not known to be on record. The rest as the server answered. */
export interface Told {
  id: string;
  outcome: "taken" | "recorded" | "conflict" | "rejected";
  receipt?: Receipt;
  problem?: Problem;
}

/** What became of what `officer` has taken over, as their phone knew it then. */
export interface AnswerDocument {
  format: typeof ANSWER;
  officer: string;
  told_at: string;
  results: Told[];
}

/** The browser cannot unpack what another has packed. */
export class CannotUnpack extends Error {}

export function unsentDocument(office: string, files: UnsentFile[]): UnsentDocument {
  return { format: UNSENT, office, files };
}

export function answerDocument(officer: string, items: Item[], now: number): AnswerDocument {
  return { format: ANSWER, officer, told_at: new Date(now).toISOString(), results: items.map(tell) };
}

/** What speaks against this way in and not against the item: its maker may send it yet, or hand it in elsewhere. */
const NOT_OF_THE_ITEM = new Set(["officer_unknown", "made_elsewhere", "recording_failed", "answer_failed"]);

/** Only the server's own answer is told as such: what a person withdrew here, or what waits, is merely taken over. */
function tell(item: Item): Told {
  const { state, receipt, problem, body } = item;
  const said = { id: body.id, ...(receipt && { receipt }), ...(problem && { problem }) };
  if (state === "waiting" || NOT_OF_THE_ITEM.has(problem?.code ?? "")) return { id: body.id, outcome: "taken" };
  if (problem) return { ...said, outcome: receipt ? "conflict" : "rejected" };
  return { ...said, outcome: receipt ? "recorded" : "taken" };
}

/** As small as this browser can make it. */
export async function pack(document: UnsentDocument | AnswerDocument): Promise<{ bytes: Uint8Array; isPacked: boolean }> {
  const bytes = new TextEncoder().encode(JSON.stringify(document));
  const stream = made(() => new CompressionStream("deflate-raw"));
  return stream ? { bytes: await through(bytes, stream), isPacked: true } : { bytes, isPacked: false };
}

/** Throws CannotUnpack, and any other error for what is no document of a hand-over. */
export async function unpack(bytes: Uint8Array, isPacked: boolean): Promise<UnsentDocument | AnswerDocument> {
  const stream = isPacked ? made(() => new DecompressionStream("deflate-raw")) : null;
  if (isPacked && !stream) throw new CannotUnpack();
  const plain = stream ? await through(bytes, stream) : bytes;
  return check(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(plain)) as Partial<UnsentDocument> | Partial<AnswerDocument>);
}

function check(said: Partial<UnsentDocument> | Partial<AnswerDocument>): UnsentDocument | AnswerDocument {
  if (said.format === UNSENT && typeof said.office === "string" && said.files?.length) {
    for (const file of said.files) readUnsent(file);
    return said as UnsentDocument;
  }
  if (said.format === ANSWER && typeof said.officer === "string" && Date.parse(said.told_at ?? "")) {
    if (said.results?.every(({ id, outcome }) => typeof id === "string" && OUTCOMES.has(outcome))) return said as AnswerDocument;
  }
  throw new Error("no document of a hand-over");
}

const OUTCOMES = new Set(["taken", "recorded", "conflict", "rejected"]);

/** Null where the browser has no such stream. */
function made<Stream>(make: () => Stream): Stream | null {
  try {
    return make();
  } catch {
    return null;
  }
}

async function through(bytes: Uint8Array, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const blocks: Uint8Array[] = [];
  let length = 0;
  for (const reader = new Blob([bytes as BlobPart]).stream().pipeThrough(stream).getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > LONGEST) throw new Error("too long");
    blocks.push(value as Uint8Array);
  }
  return new Uint8Array(await new Blob(blocks as BlobPart[]).arrayBuffer());
}
