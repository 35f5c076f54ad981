// What a colleague's phone says of what it has taken over, and what this phone believes of it.

import { isWithdrawn, type Item, type Receipt } from "../queue/items";
import type { Queue } from "../queue/queue";
import type { AnswerDocument, Told } from "./document";

/** How many of this phone's items are now on record, need a person, or wait as before; how many are none of its own. */
export interface Heard {
  recorded: number;
  decide: number;
  waiting: number;
  strange: number;
}

const HASH = /^[0-9a-f]{64}$/;

/** Write down what is said of items that are unsent here. It is on record only with its receipt. */
export async function hearAnswer(queue: Queue, answer: AnswerDocument, now: number): Promise<Heard> {
  const own = new Map((await queue.all()).filter(({ maker }) => !maker).map((item) => [item.body.id, item]));
  const heard: Heard = { recorded: 0, decide: 0, waiting: 0, strange: 0 };
  const changed: Item[] = [];
  for (const told of answer.results) {
    const item = own.get(told.id);
    if (!item) heard.strange++;
    else if (item.state === "done" && !isWithdrawn(item)) heard.recorded++;
    else changed.push(believed(item, told, { to: answer.officer, at: now }));
  }
  await queue.save(changed);
  for (const { state } of changed) heard[state === "done" ? "recorded" : state === "problem" ? "decide" : "waiting"]++;
  return heard;
}

function believed(item: Item, told: Told, handedOver: { to: string; at: number }): Item {
  const { receipt, problem, outcome } = told;
  const own = receipt && isReceiptOf(receipt, item) ? { receipt } : {};
  if (outcome === "taken") return { ...item, handedOver };
  if (outcome !== "recorded") return { ...item, handedOver, ...own, problem: problem ?? {}, state: "problem" };
  return { ...item, handedOver, ...own, state: "receipt" in own ? "done" : item.state };
}

function isReceiptOf(receipt: Receipt, { kind, body }: Item): boolean {
  const page = kind === "incident" ? null : body.page;
  if (receipt.id !== body.id || receipt.carnet !== body.carnet || (receipt.page ?? null) !== page || !HASH.test(receipt.hash)) return false;
  return kind !== "stamp" || (Number.isInteger(receipt.sequence) && Array.isArray(receipt.warnings));
}
