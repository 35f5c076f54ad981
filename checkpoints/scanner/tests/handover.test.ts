// A chain of codes between two phones: whole or refused, and never more on record than the receipts say.

import "fake-indexeddb/auto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { encode } from "uqr";
import { Api } from "../src/api";
import { hearAnswer } from "../src/handover/answer";
import { Chain, ChainReader, Spoilt, TooLong } from "../src/handover/chain";
import { type AnswerDocument, answerDocument, pack, type UnsentDocument, unpack, unsentDocument } from "../src/handover/document";
import { isFrame } from "../src/handover/mark";
import { Joining, pieceOf, split } from "../src/handover/pieces";
import { PHRASES } from "../src/handover/words";
import { exportUnsent, filesOf, importUnsent, OfAnotherInstallation, takeIn } from "../src/queue/file";
import type { Item, Receipt, StampBody } from "../src/queue/items";
import { Queue, SHIFT } from "../src/queue/queue";
import { send } from "../src/queue/sending";
import { openDatabase } from "../src/store/database";
import { makeKey } from "../src/store/vault";
import { decodeBase45, encodeBase45 } from "../src/token/base45";

const NOW = Date.parse("2026-03-02T06:00:00Z");
const HOW = { office: "KZHOR001", role: "entry" as const, wasOnline: false, madeAt: NOW, clockOffset: null };
const BY = { officer: "maker", device: "5f0c0000-0000-4000-8000-000000000001", now: NOW };
let number = 0;

async function freshQueue(): Promise<Queue> {
  const { vault } = await makeKey(["246810"], 1000);
  return new Queue(await openDatabase(`handover-${number++}`), vault);
}

function stampBody(page = 3): StampBody {
  const occurred_at = new Date(NOW + page * 60_000).toISOString();
  return { id: crypto.randomUUID(), carnet: "XZ99000001", page, occurred_at, seals: { intact: true, found: [`A-${page}`] } };
}

async function stamped(queue: Queue, count: number): Promise<Item[]> {
  const made: Item[] = [];
  for (let page = 1; page <= count; page++) made.push(await queue.add({ kind: "stamp", body: stampBody(page) }, HOW));
  return made;
}

/** Numbers from 0 up to 1 that are the same in every run (a linear congruence, as in Numerical Recipes). */
function drawn(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

function bytesOf(length: number, draw: () => number): Uint8Array {
  return Uint8Array.from({ length }, () => Math.floor(draw() * 256));
}

describe("pieces", () => {
  test.each([1, 2, 598, 599, 600, 5_000, 60_001])("of %d bytes join in any order, with some twice and every seventh lost", (length) => {
    const draw = drawn(length);
    const whole = bytesOf(length, draw);
    const parts = split(whole, 599);
    const joining = new Joining(length, parts.length);
    const shown = Array.from({ length: 2 * parts.length + 30 }, (_, index) => index).filter((index) => index % 7 !== 6);
    for (const index of shuffled([...shown, ...shown.slice(0, 5)], draw)) joining.add(index, pieceOf(parts, index));

    expect(joining.whole()).toEqual(whole);
  });

  test("are enough when hardly more of them come than there are parts, whichever they are", () => {
    const surplus: number[] = [];
    for (let run = 0; run < 200; run++) {
      const draw = drawn(run);
      const whole = bytesOf(1 + Math.floor(draw() * 900), draw);
      const parts = split(whole, 16);
      const joining = new Joining(whole.length, parts.length);
      let heard = 0;
      for (let index = Math.floor(draw() * 5_000); joining.held < parts.length; index++) {
        if (draw() < 0.3) continue; // lost
        heard++;
        joining.add(index, pieceOf(parts, index));
      }
      expect(joining.whole()).toEqual(whole);
      surplus.push(heard - parts.length);
    }
    expect(surplus.reduce((sum, each) => sum + each, 0) / surplus.length).toBeLessThan(3);
  });

  // Reckoned in another language from docs/post-client.md alone: another app draws the same.
  test.each([
    [3, 8, [3]],
    [8, 8, [1, 3, 4, 6]],
    [10, 8, [0, 1, 2, 3]],
    [1_000_000, 8, [1, 3, 4, 5, 6, 7]],
    [19, 3, [1]], // none is drawn: 19 mod 3
  ])("with the number %d of %d parts are made of the parts %j", (index, count, parts) => {
    const marks = Array.from({ length: count }, (_, part) => Uint8Array.of(1 << part));

    expect(pieceOf(marks, index)[0]).toBe(parts.reduce((sum, part) => sum + (1 << part), 0));
  });

  test("tell what is missing until the last has come", () => {
    const parts = split(bytesOf(90, drawn(1)), 30);
    const joining = new Joining(90, 3);
    expect(joining.missing).toEqual([0, 1, 2]);
    expect([joining.add(1, parts[1]!), joining.add(1, parts[1]!)]).toEqual([true, false]);

    expect([joining.held, joining.missing, joining.whole()]).toEqual([1, [0, 2], null]);
  });
});

function shuffled<Each>(list: Each[], draw: () => number): Each[] {
  return list.map((each) => ({ each, at: draw() })).sort((one, other) => one.at - other.at).map(({ each }) => each);
}

describe("a chain", () => {
  const WHOLE = bytesOf(5_000, drawn(5));

  test("is read to the byte", async () => {
    const chain = await Chain.of(WHOLE, true);
    const reader = new ChainReader();
    for (let index = 0; index < chain.count; index++) expect(reader.see(chain.frame(index))).toBe("new");

    expect(await reader.whole()).toEqual({ bytes: WHOLE, isPacked: true });
    expect(reader.name).toBe(chain.name);
  });

  test("has frames that a camera reads at arm's length: version 20, and the same size all along", async () => {
    const chain = await Chain.of(bytesOf(9 * 599, drawn(9)), true);
    const sizes = [0, 1, chain.count, chain.count + 40].map((index) => encode(chain.frame(index), { ecc: "M", boostEcc: false }).version);

    expect(new Set(sizes)).toEqual(new Set([20]));
  });

  test.each(range(0, 8).map((turn) => 43 + turn * 70))("with a bit turned over at byte %d of one frame is refused", async (at) => {
    const chain = await Chain.of(WHOLE, true);
    const reader = new ChainReader();
    for (let index = 0; index < chain.count; index++) reader.see(index === 3 ? turnedOver(chain.frame(index), at) : chain.frame(index));

    await expect(reader.whole()).rejects.toThrow(Spoilt);
  });

  test("with a bit turned over in what stands above the piece is of another transfer, or no frame", async () => {
    const chain = await Chain.of(WHOLE, true);
    for (const at of [...range(0, 1), ...range(5, 43)]) {
      const reader = new ChainReader();
      reader.see(chain.frame(0));
      expect(["other", "none"], `byte ${at}`).toContain(reader.see(turnedOver(chain.frame(1), at)));
      expect(reader.held).toBe(1);
    }
  });

  test("leaves out the frames of another, and says so", async () => {
    const [one, other] = [await Chain.of(WHOLE, true), await Chain.of(bytesOf(5_000, drawn(6)), true)];
    const reader = new ChainReader();

    expect([reader.see(one.frame(0)), reader.see(other.frame(1)), reader.see("TIR1:VOUCHER")]).toEqual(["new", "other", "none"]);
    for (let index = 1; index < one.count; index++) reader.see(one.frame(index));
    expect((await reader.whole())!.bytes).toEqual(WHOLE);
  });

  test("does not carry what nobody would hold a phone for", async () => {
    await expect(Chain.of(new Uint8Array(599 * 2_000), true)).resolves.toHaveProperty("count", 2_000);
    await expect(Chain.of(new Uint8Array(599 * 2_000 + 1), true)).rejects.toThrow(TooLong);
  });

  test("is told from a voucher's code", async () => {
    expect([isFrame((await Chain.of(WHOLE, true)).frame(0)), isFrame("TIR1:ABC")]).toEqual([true, false]);
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

function turnedOver(frame: string, at: number): string {
  const bytes = decodeBase45(frame.slice(6))!;
  bytes[at]! ^= 4;
  return frame.slice(0, 6) + encodeBase45(bytes);
}

/** What one phone shows and the other has read. */
async function acrossTheScreen(document: UnsentDocument | AnswerDocument): Promise<{ read: UnsentDocument | AnswerDocument; frames: number; bytes: number }> {
  const { bytes, isPacked } = await pack(document);
  const chain = await Chain.of(bytes, isPacked);
  const reader = new ChainReader();
  let index = 0;
  for (; reader.held < chain.count; index++) if (index % 7 !== 6) reader.see(chain.frame(index));
  const whole = await reader.whole();
  return { read: await unpack(whole!.bytes, whole!.isPacked), frames: index, bytes: bytes.length };
}

describe("the unsent of one phone", () => {
  let sender: Queue;
  let receiver: Queue;

  beforeEach(async () => {
    [sender, receiver] = [await freshQueue(), await freshQueue()];
  });

  async function handOver(): Promise<number> {
    const items = await sender.all();
    const { read } = await acrossTheScreen(unsentDocument("KZHOR001", filesOf(items, BY)));
    return takeIn(receiver, (read as UnsentDocument).files, { office: "KZHOR001", now: NOW });
  }

  test.each([
    [1, 2],
    [200, 40],
    [1_000, 180],
  ])("%d stamps arrive at another, every seventh frame lost, in %d frames at most", async (count, atMost) => {
    const made = await stamped(sender, count);
    const { read, frames } = await acrossTheScreen(unsentDocument("KZHOR001", filesOf(made, BY)));
    await takeIn(receiver, (read as UnsentDocument).files, { office: "KZHOR001", now: NOW });

    expect(frames).toBeLessThanOrEqual(atMost);
    expect((await receiver.all("waiting")).map(({ body }) => body)).toEqual(made.map(({ body }) => body));
  });

  test("arrive unpacked too, from a browser that cannot pack", async () => {
    const made = await stamped(sender, 5);
    vi.stubGlobal("CompressionStream", undefined);
    try {
      const { isPacked } = await pack(unsentDocument("KZHOR001", filesOf(made, BY)));
      expect([isPacked, await handOver()]).toEqual([false, 5]);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test("are handed in under the name of who made them, and the receiver's own go by batch", async () => {
    await stamped(sender, 2);
    await handOver();
    const own = await receiver.add({ kind: "stamp", body: stampBody(9) }, HOW);
    const asked: { path: string; body: { officer?: string; device?: string; format?: string; stamps: StampBody[] } }[] = [];
    vi.stubGlobal("fetch", async (path: string, how: RequestInit) => {
      const body = JSON.parse(how.body as string) as (typeof asked)[0]["body"];
      asked.push({ path, body });
      return Response.json({ results: body.stamps.map(({ id }) => ({ id, outcome: "recorded", receipt: { id, hash: "ab" } })) });
    });
    await send(receiver, new Api("token", () => "en"));
    vi.unstubAllGlobals();

    expect(asked.map(({ path }) => path).sort()).toEqual(["/api/v1/stamps/batch/", "/api/v1/unsent/"]);
    const { body } = asked.find(({ path }) => path.endsWith("unsent/"))!;
    expect([body.format, body.officer, body.device, body.stamps.length]).toEqual(["tir-unsent-1", "maker", BY.device, 2]);
    expect(asked.find(({ path }) => path.endsWith("batch/"))!.body.stamps.map(({ id }) => id)).toEqual([own.body.id]);
    expect(await receiver.counts()).toEqual({ waiting: 0, problem: 0 });
  });

  test("whose officer the server does not know here need a person, all at once", async () => {
    await stamped(sender, 3);
    await handOver();
    let calls = 0;
    vi.stubGlobal("fetch", async () => {
      calls++;
      return Response.json({ code: "officer_unknown" }, { status: 422 });
    });
    await send(receiver, new Api("token", () => "en"));
    vi.unstubAllGlobals();

    expect([calls, (await receiver.counts()).problem]).toEqual([1, 3]);
  });

  test("keep their maker when they are saved or handed over once more", async () => {
    await stamped(sender, 1);
    await handOver();
    await receiver.add({ kind: "stamp", body: stampBody(7) }, HOW);

    const files = await exportUnsent(receiver, { officer: "receiver", device: null, now: NOW });

    expect(files.map(({ officer }) => officer).sort()).toEqual(["maker", "receiver"]);
  });

  test("stay a whole shift on the phone that took them over, however old they are", async () => {
    await stamped(sender, 1);
    const [file] = filesOf(await sender.all(), BY);
    await takeIn(receiver, [file!], { office: "KZHOR001", now: NOW + 10 * SHIFT });
    const [taken] = await receiver.all();
    await receiver.save([{ ...taken!, state: "done" }]);

    await receiver.forgetOldShifts(NOW + 10 * SHIFT + SHIFT / 2);
    expect((await receiver.all()).length).toBe(1);
    await receiver.forgetOldShifts(NOW + 12 * SHIFT);
    expect((await receiver.all()).length).toBe(0);
  });

  test("of a file are kept as a colleague's too", async () => {
    await stamped(sender, 1);
    await importUnsent(receiver, JSON.stringify(filesOf(await sender.all(), BY)[0]), { office: "KZHOR001", now: NOW });

    expect((await receiver.all())[0]!.maker).toEqual({ officer: "maker", device: BY.device, exportedAt: new Date(NOW).toISOString(), takenAt: NOW });
  });

  test.each(["training", "demo", "real"] as const)("of a phone for %s are taken in by such a phone alone", async (installation) => {
    await stamped(sender, 1);
    const files = filesOf(await sender.all(), { ...BY, installation });
    for (const other of (["training", "demo", "real"] as const).filter((each) => each !== installation)) {
      await expect(takeIn(receiver, files, { office: "KZHOR001", now: NOW, installation: other })).rejects.toThrow(OfAnotherInstallation);
    }
    expect(await receiver.all()).toEqual([]);

    expect(await takeIn(receiver, files, { office: "KZHOR001", now: NOW, installation })).toBe(1);
    expect(filesOf(await receiver.all(), { ...BY, installation: "real" })[0]!.installation).toBe(installation);
  });

  test.each([
    ["of no files", { format: "tir-handover-1", office: "KZHOR001", files: [] }],
    ["of another form", { format: "tir-handover-2", office: "KZHOR001", files: [{ format: "tir-unsent-1" }] }],
    ["with a stamp without an id", { format: "tir-handover-1", office: "KZHOR001", files: [{ format: "tir-unsent-1", officer: "a", stamps: [{ page: 1 }] }] }],
  ])("in a document %s are refused", async (_, document) => {
    await expect(unpack(new TextEncoder().encode(JSON.stringify(document)), false)).rejects.toThrow();
  });
});

describe("the answer", () => {
  let sender: Queue;
  let made: Item[];

  beforeEach(async () => {
    sender = await freshQueue();
    made = await stamped(sender, 4);
  });

  const receiptOf = ({ body }: Item, changes: Partial<Receipt> = {}): Receipt => ({
    id: body.id, carnet: body.carnet, page: (body as StampBody).page, role: "entry", office: "KZHOR001",
    recorded_at: new Date(NOW).toISOString(), sequence: 1, hash: "ab".repeat(32), warnings: [], ...changes,
  });

  test("puts on record what has its receipt, and nothing else", async () => {
    const problem = { code: "wrong_territory", detail: "Check." };
    const taken: Item[] = [
      { ...made[0]!, state: "done", receipt: receiptOf(made[0]!) },
      { ...made[1]!, state: "problem", problem },
      made[2]!,
      { ...made[3]!, state: "done" }, // withdrawn there by a person, or of a server that gave no receipt
    ];
    const { read } = await acrossTheScreen(answerDocument("receiver", taken, NOW));
    const heard = await hearAnswer(sender, read as AnswerDocument, NOW + 1);
    const [recorded, refused, waiting, withdrawn] = await Promise.all(made.map(async ({ body }) => (await sender.all()).find((item) => item.body.id === body.id)));

    expect(heard).toEqual({ recorded: 1, decide: 1, waiting: 2, strange: 0 });
    expect([recorded!.state, recorded!.receipt!.hash]).toEqual(["done", "ab".repeat(32)]);
    expect([refused!.state, refused!.problem]).toEqual(["problem", problem]);
    expect([waiting!.state, waiting!.handedOver]).toEqual(["waiting", { to: "receiver", at: NOW + 1 }]);
    expect(withdrawn!.state).toBe("waiting");
  });

  test.each([
    ["of another page", { page: 20 }],
    ["of another carnet", { carnet: "XP99000002" }],
    ["of another stamp", { id: "00000000-0000-4000-8000-000000000000" }],
    ["without a hash", { hash: "" }],
  ])("with a receipt %s changes nothing but where the item lies too", async (_, changes) => {
    const item = made[0]!;
    const told = { id: item.body.id, outcome: "recorded" as const, receipt: receiptOf(item, changes) };
    await hearAnswer(sender, { format: "tir-handover-answer-1", officer: "receiver", told_at: new Date(NOW).toISOString(), results: [told] }, NOW);

    expect(await sender.counts()).toEqual({ waiting: 4, problem: 0 });
  });

  test.each(["refusal", "incident"] as const)("puts a %s on record with its receipt, and not without or with one of another page", async (kind) => {
    const about = { id: crypto.randomUUID(), carnet: "XP99000002", occurred_at: new Date(NOW).toISOString(), page: kind === "refusal" ? 3 : null };
    const item = await sender.add({ kind, body: about } as never, HOW);
    const tell = (receipt: Partial<Receipt>) => {
      const told = { id: about.id, outcome: "recorded" as const, receipt: receipt as Receipt };
      return hearAnswer(sender, { format: "tir-handover-answer-1", officer: "receiver", told_at: new Date(NOW).toISOString(), results: [told] }, NOW);
    };
    const { sequence: _none, warnings: _neither, ...receipt } = receiptOf(item);

    expect((await tell({ ...receipt, page: 5 })).waiting).toBe(1);
    expect((await tell({ ...receipt, hash: "" })).waiting).toBe(1);
    expect((await tell(receipt)).recorded).toBe(1);
    expect((await sender.all("done"))[0]!.receipt).toEqual(receipt);
  });

  test("leaves alone what is on record here already, and what was never here", async () => {
    const own = receiptOf(made[0]!, { sequence: 7 });
    await sender.save([{ ...made[0]!, state: "done", receipt: own }]);
    const other = await stamped(await freshQueue(), 1);
    const heard = await hearAnswer(sender, answerDocument("receiver", [made[0]!, other[0]!], NOW), NOW);

    expect(heard).toEqual({ recorded: 1, decide: 0, waiting: 0, strange: 1 });
    expect((await sender.all("done"))[0]!.receipt).toEqual(own);
  });

  test("says of a conflict that is on record beside another both the receipt and the problem", async () => {
    const problem = { code: "voucher_already_stamped" };
    const rival: Item = { ...made[0]!, state: "problem", problem, receipt: receiptOf(made[0]!) };
    await hearAnswer(sender, answerDocument("receiver", [rival], NOW), NOW);

    expect((await sender.all("problem"))[0]).toMatchObject({ problem, receipt: { hash: "ab".repeat(32) } });
  });
});

describe("its sentences", () => {
  const factsOf = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map((each) => each[1]).sort();
  const keys = Object.keys(PHRASES.en) as (keyof typeof PHRASES.en)[];

  test.each(keys)("of %s name the same facts in three languages, each in its own script", (key) => {
    for (const language of ["ru", "zh"] as const) expect(factsOf(PHRASES[language][key])).toEqual(factsOf(PHRASES.en[key]));
    if (!/\p{L}/u.test(PHRASES.en[key].replace(/\{\w+\}/g, ""))) return;
    expect(PHRASES.ru[key]).toMatch(/[а-яё]/i);
    expect(PHRASES.zh[key]).toMatch(/\p{Script=Han}/u);
  });
});
