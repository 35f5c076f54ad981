// One bad item never holds the others up, and is told apart from a network or a server that is away.
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, test } from "vitest";
import { Api } from "../src/api";
import type { IncidentBody, Item, StampBody } from "../src/queue/items";
import { Queue } from "../src/queue/queue";
import { MOST_FAULTS, send } from "../src/queue/sending";
import { type Database, openDatabase } from "../src/store/database";
import { makeKey, type Vault } from "../src/store/vault";

const NOW = Date.parse("2026-03-02T06:00:00Z");
const HOW = { office: "KZHOR001", role: "entry" as const, wasOnline: false, madeAt: NOW, clockOffset: null };
const PAGE = "<html><body>413 Request Entity Too Large</body></html>";
const api = new Api("token", () => "en");
let database: Database;
let vault: Vault;
let queue: Queue;
let number = 0;

type Sent = StampBody & { offline: boolean; clock_offset?: number };
interface Server {
  /** How a call fails that carries one of these ids. */
  faulty: Map<string, () => Response>;
  isThere: boolean;
  /** Ids of each batch or single call, in order. */
  asked: string[][];
  taken: Set<string>;
}
let server: Server;

const json = (body: unknown, status = 200, headers = {}) => new Response(JSON.stringify(body), { status, headers });
const page = (status: number) => () => new Response(PAGE, { status, headers: { "Content-Type": "text/html" } });

/** A server as `fetch` sees it, which takes every item but the faulty ones. */
function answer(path: string, how: RequestInit): Response {
  if (path === "/healthz/ready") return server.isThere ? json({ status: "ready" }) : page(502)();
  if (!server.isThere) return page(502)();
  const body = JSON.parse(how.body as string) as { stamps?: Sent[]; id?: string };
  const ids = body.stamps?.map(({ id }) => id) ?? [body.id!];
  server.asked.push(ids);
  const fault = ids.map((id) => server.faulty.get(id)).find(Boolean);
  if (fault) return fault();
  for (const id of ids) server.taken.add(id);
  return body.stamps ? json({ results: ids.map((id) => ({ id, outcome: "recorded", receipt: { id, hash: "ab" } })) }) : json({}, 201);
}

beforeEach(async () => {
  database = await openDatabase(`sending-${number++}`);
  ({ vault } = await makeKey(["246810"], 1000));
  queue = new Queue(database, vault);
  server = { faulty: new Map(), isThere: true, asked: [], taken: new Set() };
  globalThis.fetch = (async (path: string, how: RequestInit) => answer(path, how)) as typeof fetch;
});

async function stamps(count: number, how: Partial<typeof HOW> = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let made = 0; made < count; made++) {
    const body: StampBody = { id: crypto.randomUUID(), carnet: "XZ99000001", page: 3, occurred_at: new Date(NOW).toISOString() };
    await queue.add({ kind: "stamp", body }, { ...HOW, madeAt: NOW + made, ...how });
    ids.push(body.id);
  }
  return ids;
}

async function report(): Promise<string> {
  const body = { id: crypto.randomUUID(), carnet: "XZ99000001", kind: "other", description: "x", occurred_at: new Date(NOW).toISOString() };
  await queue.add({ kind: "incident", body: { ...body, seals_broken: [], seals_affixed: [], vehicles: [], photos: [] } as IncidentBody }, HOW);
  return body.id;
}

const states = async () => new Map((await queue.all()).map((item) => [item.body.id, item.state]));
const item = async (id: string): Promise<Item> => (await queue.all()).find((each) => each.body.id === id)!;

describe("one item at fault", () => {
  test.each([
    ["the server's own fault", () => json({ code: "server_fault" }, 500)],
    ["a proxy's page that it is too large", page(413)],
    ["a firewall's page that it is forbidden", page(403)],
    ["a gateway's page", page(504)],
    ["a page where JSON should be", page(200)],
  ])("answered with %s: the others are on record at once, and it is set aside", async (_name, fault) => {
    const ids = await stamps(9);
    server.faulty.set(ids[6]!, fault);

    expect(await send(queue, api)).toBe("some");
    expect(server.taken).toEqual(new Set(ids.filter((id) => id !== ids[6])));
    expect((await item(ids[6]!)).state).toBe("waiting");

    for (let round = 1; round < MOST_FAULTS; round++) {
      expect(await send(queue, api)).toBe("some"); // alone in the queue now, and the server is there
    }
    const aside = await item(ids[6]!);
    expect([aside.state, aside.problem?.code]).toEqual(["problem", "answer_failed"]);
    expect(aside.problem?.facts).toMatchObject({ answer: fault().status, n: aside.tries });
    expect(await send(queue, api)).toBe("sent");
  });

  test("is sent once it is mended and a person says again", async () => {
    const [bad] = await stamps(1);
    server.faulty.set(bad!, page(413));
    for (let round = 0; round < MOST_FAULTS; round++) await send(queue, api);
    expect((await item(bad!)).state).toBe("problem");

    server.faulty.clear();
    await queue.save([{ ...(await item(bad!)), state: "waiting" }]);

    expect(await send(queue, api)).toBe("sent");
    const done = await item(bad!);
    expect([done.state, done.problem, done.receipt?.hash]).toEqual(["done", undefined, "ab"]);
  });

  test("is set aside at once when it fails again after that", async () => {
    const [bad] = await stamps(1);
    server.faulty.set(bad!, page(413));
    for (let round = 0; round < MOST_FAULTS; round++) await send(queue, api);
    await queue.save([{ ...(await item(bad!)), state: "waiting" }]);

    await send(queue, api);

    expect((await item(bad!)).state).toBe("problem");
  });

  test("may be a report, or a refusal of the server that has no code", async () => {
    const [good] = await stamps(1);
    const bad = await report();
    const other = await report();
    server.faulty.set(bad, page(413));

    for (let round = 0; round < MOST_FAULTS; round++) {
      await stamps(1); // others get through each time
      await send(queue, api);
    }

    const found = await states();
    expect([found.get(good!), found.get(bad), found.get(other)]).toEqual(["done", "problem", "done"]);
  });

  test("never keeps those behind it from going, however many they are", async () => {
    const bad = await stamps(5);
    for (const id of bad) server.faulty.set(id, page(500));
    const good = await stamps(3, { madeAt: NOW + 1_000 });

    for (let round = 0; round < 2 * MOST_FAULTS; round++) {
      await send(queue, api);
      await stamps(1);
    }

    const found = await states();
    expect(good.map((id) => found.get(id))).toEqual(["done", "done", "done"]);
    expect(bad.map((id) => found.get(id))).toEqual(Array(5).fill("problem"));
  });
});

describe("an outage", () => {
  test("of everything sets nothing aside, however long it lasts", async () => {
    const ids = await stamps(120);
    server.isThere = false;

    for (let round = 0; round < 10; round++) expect(await send(queue, api)).toBe("unheard");
    expect((await queue.counts()).waiting).toBe(120);

    server.isThere = true;
    expect(await send(queue, api)).toBe("sent");
    expect(server.taken).toEqual(new Set(ids));
  });

  test("in which the server answers pings and fails at every item sets nothing aside, and is soon seen", async () => {
    const ids = await stamps(60);
    for (const id of ids) server.faulty.set(id, () => json({ code: "server_fault" }, 500));

    for (let round = 0; round < 5; round++) {
      server.asked = [];
      expect(await send(queue, api)).toBe("some");
      expect(server.asked.length).toBeLessThan(20);
    }
    expect((await queue.counts()).waiting).toBe(60);

    server.faulty.clear();
    expect(await send(queue, api)).toBe("sent");
    expect((await queue.counts()).problem).toBe(0);
  });

  test.each([
    ["503 with Retry-After", () => json({ code: "database_unavailable" }, 503, { "Retry-After": "2" })],
    ["429", () => json({ code: "too_many_requests" }, 429)],
  ])("said as %s is not held against the item that met it", async (_name, fault) => {
    const [met, other] = await stamps(2);
    server.faulty.set(met!, fault);

    for (let round = 0; round <= MOST_FAULTS; round++) expect(await send(queue, api)).toBe("unheard");

    expect(server.asked.every((ids) => ids.length === 2)).toBe(true); // nor halved
    expect((await item(met!)).state).toBe("waiting");
    server.faulty.clear();
    await send(queue, api);
    expect([(await item(met!)).state, (await item(other!)).state]).toEqual(["done", "done"]);
  });

  test("is a firewall's page too, where it also stands before the ping", async () => {
    const [id] = await stamps(1);
    globalThis.fetch = (async () => page(403)()) as unknown as typeof fetch;

    for (let round = 0; round <= MOST_FAULTS; round++) expect(await send(queue, api)).toBe("unheard");
    expect((await item(id!)).state).toBe("waiting");
  });

  test("is not a token that the server refuses: that has a code", async () => {
    const [id] = await stamps(1);
    server.faulty.set(id!, () => json({ code: "device_revoked" }, 401));

    expect(await send(queue, api)).toBe("refused");
  });
});

describe("results", () => {
  const outcomes = (make: (ids: string[]) => unknown[]) => {
    globalThis.fetch = (async (path: string, how: RequestInit) =>
      path.endsWith("batch/")
        ? json({ results: make((JSON.parse(how.body as string) as { stamps: Sent[] }).stamps.map(({ id }) => id)) })
        : json({ status: "ready" })) as typeof fetch;
  };
  const recorded = (id: string | null) => ({ id, outcome: "recorded", receipt: { id, hash: "ab" } });
  const rejected = { id: null, outcome: "rejected", problem: { code: "body_invalid", detail: "Unreadable." } };

  test("without an id belong to the item at their place", async () => {
    const ids = await stamps(3);
    outcomes(([one, , last]) => [recorded(one!), rejected, recorded(last!)]);

    await send(queue, api);

    const found = await states();
    expect(ids.map((id) => found.get(id))).toEqual(["done", "problem", "done"]);
    expect((await item(ids[1]!)).problem?.detail).toBe("Unreadable.");
  });

  test("with an id belong to that item, wherever they stand and however it is written", async () => {
    const ids = await stamps(2);
    outcomes(([one, two]) => [recorded(two!.toUpperCase()), { ...rejected, id: one! }]);

    await send(queue, api);

    const found = await states();
    expect(ids.map((id) => found.get(id))).toEqual(["problem", "done"]);
  });

  test("that are fewer than the items settle none by place", async () => {
    await stamps(2);
    outcomes(() => [rejected]);

    expect(await send(queue, api)).toBe("some");
    expect((await queue.counts()).waiting).toBe(2);
  });
});

describe("a fault of the server's own, told by stamp", () => {
  const faulty = (ids: Set<string>) => {
    globalThis.fetch = (async (path: string, how: RequestInit) => {
      if (path === "/healthz/ready") return json({ status: "ready" });
      const { stamps: sent } = JSON.parse(how.body as string) as { stamps: Sent[] };
      const problem = { status: 500, code: "recording_failed", detail: "The reference is 1f." };
      const result = (id: string) => (ids.has(id) ? { id, outcome: "rejected", problem } : { id, outcome: "recorded", receipt: { id, hash: "ab" } });
      return json({ results: sent.map(({ id }) => result(id)) });
    }) as typeof fetch;
  };

  test("sets that stamp aside at once, with the server's words, where others got through", async () => {
    const [bad, good] = await stamps(2);
    faulty(new Set([bad!]));

    expect(await send(queue, api)).toBe("some");

    expect([(await item(bad!)).state, (await item(good!)).state]).toEqual(["problem", "done"]);
    expect((await item(bad!)).problem?.detail).toBe("The reference is 1f.");
    expect(await send(queue, api)).toBe("sent");
  });

  test("sets none aside where it is said of all, and they go once it is mended", async () => {
    const ids = await stamps(8);
    faulty(new Set(ids));

    for (let round = 0; round < 2 * MOST_FAULTS; round++) expect(await send(queue, api)).toBe("some");
    expect((await queue.counts()).waiting).toBe(8);

    faulty(new Set());
    expect(await send(queue, api)).toBe("sent");
    expect((await queue.counts()).problem).toBe(0);
  });

  test("sets a lone stamp aside after as many tries as any other", async () => {
    const [bad] = await stamps(1);
    faulty(new Set([bad!]));

    for (let round = 1; round < MOST_FAULTS; round++) {
      await send(queue, api);
      expect((await item(bad!)).state).toBe("waiting");
    }
    await send(queue, api);

    expect((await item(bad!)).state).toBe("problem");
  });
});

describe("a full phone", () => {
  test("sends all the same, and loses nothing", async () => {
    const ids = await stamps(3);
    const save = queue.save.bind(queue);
    queue.save = async () => {
      throw new DOMException("no room", "QuotaExceededError");
    };

    expect(await send(queue, api)).toBe("some");
    expect(server.taken).toEqual(new Set(ids));
    expect((await queue.counts()).waiting).toBe(3);

    queue.save = save;
    expect(await send(queue, api)).toBe("sent");
    expect((await queue.counts()).waiting).toBe(0);
  });

  test("that fails in another way says so", async () => {
    await stamps(1);
    queue.save = async () => {
      throw new TypeError("broken");
    };

    await expect(send(queue, api)).rejects.toThrow("broken");
  });
});

describe("the clock", () => {
  test("goes along as it was measured when the stamp was made, in whole milliseconds", async () => {
    await stamps(1, { clockOffset: -90_000.5 as never });
    await stamps(1);
    const sent: Sent[] = [];
    globalThis.fetch = (async (_path: string, how: RequestInit) => {
      sent.push(...(JSON.parse(how.body as string) as { stamps: Sent[] }).stamps);
      return json({ results: [] });
    }) as typeof fetch;

    await send(queue, api);

    expect(sent.map(({ clock_offset }) => clock_offset).sort()).toEqual([-90_000, undefined]);
  });
});
