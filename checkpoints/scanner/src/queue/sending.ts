// Sending: stamps and what colleagues made by batch, the rest one by one, each answer written down before the next is asked for.

import { type Answer, type Api, Failed, Refused, Unheard } from "../api";
import { type Batch, BATCHED, batches, bodyOf, goesInABatch } from "../handover/handingIn";
import type { Item, Problem, Receipt } from "./items";
import type { KeptItems } from "./queue";

/** What is said of all that a colleague made: of the officer they are handed in for, or of where their phone belongs. */
const ABOUT_THE_WHOLE = new Set(["officer_unknown", "other_installation"]);
const SHORTEST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000; // a post waits for its network: a try costs little, a minute lost costs a queue
/** So often an item may fail alone, in rounds in which others get through, until a person must decide. */
export const MOST_FAULTS = 3;
/** When so many have failed alone and nothing got through, it is not they that are at fault. */
const ENOUGH_TO_TELL = 3;
/** The server's code for an item on which its own code failed: it says nothing of the item where it says so of all. */
const OWN_FAULT = "recording_failed";

/** `sent` everything; `some`: what is left failed by itself, try it later; `unheard`: no network, try later; `refused`: the
 * server lets nobody in with this token. */
export type Sending = "sent" | "some" | "unheard" | "refused";

interface Result {
  id: string | null;
  outcome: "recorded" | "duplicate" | "conflict" | "rejected";
  receipt?: Receipt;
  problem?: Problem;
}

/** Send all that waits, until it is sent or cannot be. What is not answered stays in the queue. */
export async function send(queue: KeptItems, api: Api, heard: () => void = () => undefined): Promise<Sending> {
  try {
    const waiting = await queue.all("waiting");
    const round = new Round(queue, api, heard, waiting.length === 1);
    for (const isSuspect of [false, true]) {
      await round.sendAll(inOrder(waiting.filter((item) => (item.faults ?? 0) > 0 === isSuspect)));
    }
    return await round.end();
  } catch (error) {
    if (error instanceof AllFails) return "some";
    if (error instanceof Unheard) return "unheard";
    if (error instanceof Refused) return "refused";
    throw error;
  }
}

/** Those that failed the least come first, so that none is kept from going by others that never go. */
function inOrder(items: Item[]): Item[] {
  return [...items].sort((one, other) => (one.faults ?? 0) - (other.faults ?? 0) || one.madeAt - other.madeAt);
}

/** The server is there, and takes nothing: the round ends, and what else the phone wants of it may still go on. */
class AllFails extends Error {}

/** One round through the queue: what the server took, and what failed alone while it was there. */
class Round {
  private taken = 0;
  /** Something has no answer, or one that could not be written down. */
  private isLeft = false;
  private readonly failed: { item: Item; problem: Problem }[] = [];

  constructor(
    private readonly queue: KeptItems,
    private readonly api: Api,
    private readonly heard: () => void,
    private readonly isLone: boolean,
  ) {}

  async sendAll(items: Item[]): Promise<void> {
    for (const batch of batches(items.filter(goesInABatch))) {
      await this.sendBatch(batch);
      this.heard();
    }
    for (const item of items) {
      if (goesInABatch(item)) continue;
      await this.sendOne(item);
      this.heard();
    }
  }

  /** A batch that fails, or that the server cannot read at all, is halved until the one at fault stands alone. */
  private async sendBatch(batch: Batch): Promise<void> {
    const { items } = batch;
    const tried = items.map((item) => ({ ...item, tries: item.tries + 1 }));
    await this.keep(tried);
    const answer = await this.ask<{ results: Result[] }>(batch.path, bodyOf({ ...batch, items: tried }));
    if (!(answer instanceof Failed) && !answer.problem) {
      return this.takeResults(tried, answer.body.results);
    }
    if (tried.length === 1) return this.answerAlone(tried[0]!, answer);
    if (!(answer instanceof Failed) && ABOUT_THE_WHOLE.has(answer.problem?.code ?? "")) {
      const { problem } = answer;
      return this.take(tried.map((item) => withAnswer(item, { state: "problem", problem })));
    }
    const half = Math.ceil(tried.length / 2);
    await this.sendBatch({ ...batch, items: items.slice(0, half) });
    await this.sendBatch({ ...batch, items: items.slice(half) });
  }

  private async sendOne(item: Item): Promise<void> {
    const tried = { ...item, tries: item.tries + 1 };
    await this.keep([tried]);
    await this.answerAlone(tried, await this.ask(item.kind === "refusal" ? "refusals/" : "incidents/", item.body));
  }

  private async answerAlone(item: Item, answer: Answer<unknown> | Failed): Promise<void> {
    if (answer instanceof Failed) return this.failAlone(item, answer.status);
    const { problem } = answer;
    if (problem) return this.take([withAnswer(item, { state: "problem", problem })]);
    await this.take([withAnswer(item, { state: "done", ...receiptIn(answer.body) })]);
  }

  private async ask<Body>(path: string, body: unknown): Promise<Answer<Body> | Failed> {
    try {
      const answer = await this.api.post<Body>(path, body);
      const isUnread = BATCHED.test(path) && !answer.problem && !Array.isArray((answer.body as { results?: unknown } | null)?.results);
      return isUnread ? new Failed(path, answer.status) : answer;
    } catch (error) {
      if (error instanceof Failed) return error;
      throw error;
    }
  }

  private async takeResults(tried: Item[], results: Result[]): Promise<void> {
    const known = answeredBy(tried, results);
    this.isLeft ||= known.length < tried.length;
    await this.take(known.filter(({ problem }) => problem?.code !== OWN_FAULT));
    const faulty = known.filter(({ problem }) => problem?.code === OWN_FAULT);
    this.failed.push(...faulty.map((item) => ({ item: withAnswer(item, { state: "waiting" }), problem: item.problem! })));
    await this.stopWhereAllFails();
  }

  private async take(items: Item[]): Promise<void> {
    this.taken += items.length;
    await this.keep(items);
  }

  /** An item that failed alone is suspect only while the server itself is there. */
  private async failAlone(item: Item, status: number): Promise<void> {
    if (!(await this.api.ping())) throw new Unheard();
    this.failed.push({ item, problem: unanswered(item, status) });
    await this.stopWhereAllFails();
  }

  private async stopWhereAllFails(): Promise<void> {
    if (this.taken > 0 || this.failed.length < ENOUGH_TO_TELL) return;
    await this.end();
    throw new AllFails();
  }

  /** Note what failed. It is set aside only where it is known to be at fault: others got through, or it is the only one. */
  async end(): Promise<Sending> {
    const mayBeSetAside = this.taken > 0 || this.isLone;
    await this.keep(
      this.failed.map(({ item, problem }) => {
        const faults = (item.faults ?? 0) + 1;
        const isItsOwn = this.taken > 0 && problem.code === OWN_FAULT; // the server has found that out itself
        const isSetAside = mayBeSetAside && (isItsOwn || faults >= MOST_FAULTS);
        return withAnswer({ ...item, faults }, isSetAside ? { state: "problem", problem } : { state: "waiting" });
      }),
    );
    return this.isLeft || this.failed.length > 0 ? "some" : "sent";
  }

  /** Where the phone is full, what is sent is sent all the same: the server knows each by its id. */
  private async keep(items: Item[]): Promise<void> {
    if (items.length === 0) return;
    try {
      await this.queue.save(items);
    } catch (error) {
      if (!isFull(error)) throw error;
      this.isLeft = true;
    }
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && ["QuotaExceededError", "AbortError"].includes(error.name);
}

/** A result is known by its id, and one without an id by its place in the request. */
function answeredBy(items: Item[], results: Result[]): Item[] {
  const byId = new Map(results.map((result) => [result.id?.toLowerCase(), result]));
  return items.flatMap((item, place) => {
    const here = results.length === items.length && results[place]!.id === null ? results[place] : undefined;
    const result = byId.get(item.body.id.toLowerCase()) ?? here;
    return result ? [answered(item, result)] : [];
  });
}

function answered(item: Item, { outcome, receipt, problem }: Result): Item {
  const isDone = outcome === "recorded" || outcome === "duplicate";
  return withAnswer(item, { state: isDone ? "done" : "problem", ...(receipt && { receipt }), ...(problem && { problem }) });
}

/** The answer to a refusal or a report is its receipt too, with what was said; one of an older server has no hash. */
function receiptIn(body: unknown): { receipt?: Receipt } {
  const said = body as Receipt | null;
  return said?.hash ? { receipt: said } : {};
}

/** The item with its last answer in the place of any before. */
function withAnswer(item: Item, answer: Pick<Item, "state" | "receipt" | "problem">): Item {
  const { problem: _before, ...kept } = item;
  return { ...kept, ...answer } as Item;
}

function unanswered(item: Item, status: number): Problem {
  return { status, code: "answer_failed", facts: { n: item.tries, answer: status, at: new Date().toISOString() } };
}

/** Milliseconds until the next try: doubled each time, and never the same for two phones of a post. */
export function pauseAfter(failures: number, chance: number = Math.random()): number {
  const longest = Math.min(SHORTEST_PAUSE * 2 ** failures, LONGEST_PAUSE);
  return Math.round(longest * (0.5 + chance / 2));
}
