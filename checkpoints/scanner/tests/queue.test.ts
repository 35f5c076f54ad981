import "fake-indexeddb/auto";
import { beforeEach, describe, expect, test } from "vitest";
import { Api } from "../src/api";
import { exportUnsent, importUnsent, type StampsFile } from "../src/queue/file";
import type { StampBody } from "../src/queue/items";
import { Queue, SHIFT } from "../src/queue/queue";
import { pauseAfter, send } from "../src/queue/sending";
import { type Database, openDatabase } from "../src/store/database";
import { makeKey, unlock } from "../src/store/vault";

const NOW = Date.parse("2026-03-02T06:00:00Z");
const HOW = { office: "KZHOR001", role: "entry" as const, wasOnline: false, madeAt: NOW, clockOffset: null };
let database: Database;
let queue: Queue;
let number = 0;

/** A server as `fetch` sees it: each call is answered by the next of `answers`, the last for all further ones. */
function serve(...answers: ((body: { stamps: (StampBody & { offline: boolean })[] }) => Response)[]) {
  const asked: { path: string; body: never }[] = [];
  globalThis.fetch = (async (path: string, how: RequestInit) => {
    const body = JSON.parse(how.body as string) as never;
    asked.push({ path, body });
    return answers[Math.min(asked.length, answers.length) - 1]!(body);
  }) as typeof fetch;
  return asked;
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const recorded = ({ stamps }: { stamps: StampBody[] }) =>
  json({ results: stamps.map(({ id }) => ({ id, outcome: "recorded", receipt: { id, hash: "ab" } })) });
const gone = (): Response => {
  throw new TypeError("network");
};
const api = new Api("token", () => "en");

function stamp(): { kind: "stamp"; body: StampBody } {
  return {
    kind: "stamp",
    body: { id: crypto.randomUUID(), carnet: "XZ99000001", page: 3, occurred_at: new Date(NOW).toISOString() },
  };
}

beforeEach(async () => {
  database = await openDatabase(`post-${number++}`);
  const { vault } = await makeKey(["246810"], 1000);
  queue = new Queue(database, vault);
});

describe("the queue", () => {
  test("keeps nothing readable on the disk but ids, states and times", async () => {
    const { body } = await queue.add(stamp(), HOW);
    const [row] = await database.getAll("queue");

    expect(Object.keys(row!).sort()).toEqual(["box", "id", "iv", "madeAt", "order", "state"]);
    expect(new TextDecoder().decode(row!.box)).not.toContain(body.carnet);
  });

  test("sends 250 stamps in three batches and is empty then", async () => {
    for (let made = 0; made < 250; made++) await queue.add(stamp(), HOW);
    const asked = serve(recorded);

    expect(await send(queue, api)).toBe("sent");

    expect(asked.map(({ body }) => (body as { stamps: [] }).stamps.length)).toEqual([100, 100, 50]);
    expect(await queue.counts()).toEqual({ waiting: 0, problem: 0 });
    expect((await queue.all("done")).every((item) => item.receipt?.hash === "ab")).toBe(true);
  });

  test("sends the same ids again when no answer was heard, now as made offline", async () => {
    await queue.add(stamp(), { ...HOW, wasOnline: true });
    const asked = serve(gone, recorded) as { body: { stamps: { id: string; offline: boolean }[] } }[];

    expect(await send(queue, api)).toBe("unheard");
    expect(await queue.counts()).toEqual({ waiting: 1, problem: 0 });
    expect(await send(queue, api)).toBe("sent");

    const [first, second] = asked.map(({ body }) => body.stamps[0]!);
    expect(second!.id).toBe(first!.id);
    expect([first!.offline, second!.offline]).toEqual([false, true]);
  });

  test.each([500, 503, 429])("waits when the server answers %d", async (status) => {
    await queue.add(stamp(), HOW);
    serve(() => json({}, status));

    expect(await send(queue, api)).toBe("unheard");
    expect((await queue.counts()).waiting).toBe(1);
  });

  test.each([401, 403])("keeps everything when the token is refused (%d)", async (status) => {
    await queue.add(stamp(), HOW);
    serve(() => json({ code: "authentication_failed" }, status));

    expect(await send(queue, api)).toBe("refused");
    expect((await queue.counts()).waiting).toBe(1);
  });

  test("lists conflicts and rejections as problems, with what the server said", async () => {
    const [one, other] = [await queue.add(stamp(), HOW), await queue.add(stamp(), { ...HOW, madeAt: NOW + 1 })];
    serve(() =>
      json({
        results: [
          { id: one.body.id, outcome: "conflict", problem: { code: "voucher_already_stamped" }, receipt: { hash: "cd" } },
          { id: other.body.id, outcome: "rejected", problem: { code: "wrong_territory", detail: "Check." } },
        ],
      }),
    );
    await send(queue, api);

    expect(await queue.counts()).toEqual({ waiting: 0, problem: 2 });
    expect((await queue.all("problem")).map((item) => item.problem?.code)).toEqual([
      "voucher_already_stamped",
      "wrong_territory",
    ]);
  });

  test("keeps waiting what an answer leaves out", async () => {
    await queue.add(stamp(), HOW);
    serve(() => json({ results: [] }));
    await send(queue, api);

    expect((await queue.counts()).waiting).toBe(1);
  });

  test("finds the one unreadable stamp of a batch and sends the others", async () => {
    const made = [];
    for (let each = 0; each < 9; each++) made.push(await queue.add(stamp(), HOW));
    const bad = made[6]!.body.id;
    serve((body) => (body.stamps.some(({ id }) => id === bad) ? json({ code: "invalid" }, 400) : recorded(body)));
    await send(queue, api);

    expect((await queue.all("problem")).map((item) => item.body.id)).toEqual([bad]);
    expect((await queue.all("done")).length).toBe(8);
  });

  test("forgets what is older than a shift, and nothing unsent", async () => {
    await queue.add(stamp(), HOW);
    const sent = await queue.add(stamp(), HOW);
    await queue.save([{ ...sent, state: "done" }]);

    await queue.forgetOldShifts(NOW + SHIFT);
    expect((await queue.all()).length).toBe(2);
    await queue.forgetOldShifts(NOW + SHIFT + 1);
    expect((await queue.all()).map((item) => item.state)).toEqual(["waiting"]);
  });

  test("pauses longer after each failure, never as long as another phone", () => {
    expect([0, 1, 5, 30].map((failures) => pauseAfter(failures, 1))).toEqual([1_000, 2_000, 32_000, 60_000]);
    expect(pauseAfter(30, 0)).toBe(30_000);
  });

  test("survives a restart with the key that the PIN unlocks, and no other", async () => {
    const { vault, wrapped } = await makeKey(["246810", "secret"], 1000);
    await new Queue(database, vault).add(stamp(), HOW);

    const again = new Queue(database, await unlock(wrapped[0]!, "246810"));
    const byPassword = new Queue(database, await unlock(wrapped[1]!, "secret"));

    expect((await again.all()).length).toBe(1);
    expect((await byPassword.all()).length).toBe(1);
    await expect(unlock(wrapped[0]!, "246811")).rejects.toThrow();
  });
});

describe("a file of unsent stamps", () => {
  test("is read back whole, on this phone or another, once", async () => {
    const made = [await queue.add(stamp(), HOW), await queue.add(stamp(), HOW)];
    const [file] = await exportUnsent(queue, { officer: "officer", device: null, now: NOW });
    const other = new Queue(await openDatabase(`post-${number++}`), (await makeKey(["135790"], 1000)).vault);

    expect(Object.keys(file!).sort()).toEqual(["device", "exported_at", "format", "officer", "stamps"]);
    expect(await importUnsent(other, JSON.stringify(file), { office: "KZHOR001", now: NOW })).toBe(2);
    expect(await importUnsent(other, JSON.stringify(file), { office: "KZHOR001", now: NOW })).toBe(0);
    expect((await other.all("waiting")).map((item) => item.body.id).sort()).toEqual(
      made.map((item) => item.body.id).sort(),
    );
  });

  test("holds what the server did not take, and nothing that it took", async () => {
    const [waiting, refused, taken] = [await queue.add(stamp(), HOW), await queue.add(stamp(), HOW), await queue.add(stamp(), HOW)];
    await queue.save([
      { ...refused, state: "problem", problem: { code: "wrong_territory" } },
      { ...taken, state: "done" },
    ]);

    const [file] = await exportUnsent(queue, { officer: "officer", device: null, now: NOW });

    expect((file as StampsFile).stamps.map(({ id }) => id).sort()).toEqual([waiting.body.id, refused.body.id].sort());
  });

  test("holds refusals and reports in a file of their own", async () => {
    const occurred_at = new Date(NOW).toISOString();
    const body = { id: crypto.randomUUID(), carnet: "XZ99000001", page: 3, reason: "other" as const, text: "No lorry.", occurred_at };
    await queue.add({ kind: "refusal", body }, HOW);
    const [file, ...others] = await exportUnsent(queue, { officer: "officer", device: null, now: NOW });
    await queue.remove([body.id]);

    expect([file!.format, others]).toEqual(["tir-unsent-reports-1", []]);
    expect(await importUnsent(queue, JSON.stringify(file), { office: "KZHOR001", now: NOW })).toBe(1);
    expect((await queue.all("waiting"))[0]!.body).toEqual(body);
  });

  test.each(["", "{}", "[]", '{"format":"tir-unsent-1"}', '{"format":"tir-unsent-1","stamps":[{"page":1}]}'])(
    "%s is not one",
    async (text) => {
      await expect(importUnsent(queue, text, { office: "KZHOR001", now: NOW })).rejects.toThrow("not a file of unsent stamps");
    },
  );
});
