// Sending: stamps by batch, the rest one by one, each answer written down before the next is asked for.

import { type Api, Refused, Unheard } from "../api";
import { type Address, addressed } from "../handover/handingIn";
import type { Item, Problem, Receipt } from "./items";
import { stampAsSent } from "./items";
import type { Queue } from "./queue";

const MOST_IN_A_BATCH = 100;
const ABOUT_THE_WHOLE = "officer_unknown"; // of a colleague's stamps, the officer they are handed in for
const SHORTEST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000; // a post waits for its network: a try costs little, a minute lost costs a queue

/** `sent` everything; `unheard`: no network, try later; `refused`: the server lets nobody in with this token. */
export type Sending = "sent" | "unheard" | "refused";

interface Result {
  id: string;
  outcome: "recorded" | "duplicate" | "conflict" | "rejected";
  receipt?: Receipt;
  problem?: Problem;
}

/** Send all that waits, until it is sent or cannot be. What is not answered stays in the queue. */
export async function send(queue: Queue, api: Api, heard: () => void = () => undefined): Promise<Sending> {
  try {
    const waiting = await queue.all("waiting");
    await sendStamps(queue, api, waiting.filter((item) => item.kind === "stamp"), heard);
    for (const item of waiting) {
      if (item.kind === "stamp") continue;
      await sendOne(queue, api, item);
      heard();
    }
    return "sent";
  } catch (error) {
    if (error instanceof Unheard) return "unheard";
    if (error instanceof Refused) return "refused";
    throw error;
  }
}

async function sendStamps(
  queue: Queue,
  api: Api,
  stamps: (Item & { kind: "stamp" })[],
  heard: () => void,
): Promise<void> {
  for (const { to, stamps: alike } of addressed(stamps)) {
    for (let from = 0; from < alike.length; from += MOST_IN_A_BATCH) {
      await sendBatch(queue, api, to, alike.slice(from, from + MOST_IN_A_BATCH));
      heard();
    }
  }
}

/** A batch that the server cannot read at all is halved until the one at fault stands alone. */
async function sendBatch(queue: Queue, api: Api, to: Address, batch: (Item & { kind: "stamp" })[]): Promise<void> {
  const tried = batch.map((item) => ({ ...item, tries: item.tries + 1 }));
  await queue.save(tried);
  const answer = await api.post<{ results: Result[] }>(to.path, { ...to.head, stamps: tried.map(stampAsSent) });
  if (answer.problem) {
    const { problem } = answer;
    const isOfAll = tried.length === 1 || problem.code === ABOUT_THE_WHOLE;
    if (isOfAll) return queue.save(tried.map((item) => ({ ...item, state: "problem", problem })));
    const half = Math.ceil(batch.length / 2);
    await sendBatch(queue, api, to, batch.slice(0, half));
    return sendBatch(queue, api, to, batch.slice(half));
  }
  const results = new Map(answer.body.results.map((result) => [result.id, result]));
  await queue.save(tried.flatMap((item) => answered(item, results.get(item.body.id))));
}

function answered(item: Item, result: Result | undefined): Item[] {
  if (!result) return [];
  const isDone = result.outcome === "recorded" || result.outcome === "duplicate";
  const { receipt, problem } = result;
  return [{ ...item, state: isDone ? "done" : "problem", ...(receipt && { receipt }), ...(problem && { problem }) }];
}

async function sendOne(queue: Queue, api: Api, item: Item & { kind: "refusal" | "incident" }): Promise<void> {
  const tried = { ...item, tries: item.tries + 1 };
  await queue.save([tried]);
  const answer = await api.post(item.kind === "refusal" ? "refusals/" : "incidents/", item.body);
  await queue.save([answer.problem ? { ...tried, state: "problem", problem: answer.problem } : { ...tried, state: "done" }]);
}

/** Milliseconds until the next try: doubled each time, and never the same for two phones of a post. */
export function pauseAfter(failures: number, chance: number = Math.random()): number {
  const longest = Math.min(SHORTEST_PAUSE * 2 ** failures, LONGEST_PAUSE);
  return Math.round(longest * (0.5 + chance / 2));
}
