import "fake-indexeddb/auto";
import { afterEach, expect, test, vi } from "vitest";
import { canBeTakenBack, type StampItem } from "../src/queue/items";
import { takeBackDeed } from "../src/forms";
import { carnet, NOW, phoneAtHorgos } from "./horgos";

function stamp(page = 3) {
  return {
    kind: "stamp" as const,
    body: { id: crypto.randomUUID(), carnet: carnet().number, page, occurred_at: new Date(NOW).toISOString() },
  };
}

const HOW = { role: "entry" as const, wasOnline: false, now: NOW };

afterEach(() => vi.unstubAllGlobals());

test("a stamp made while another is on its way goes out right after it", async () => {
  vi.stubGlobal("navigator", { onLine: true });
  const phone = await phoneAtHorgos();
  const sent: number[] = [];
  vi.stubGlobal("fetch", async (path: string, how: RequestInit) => {
    if (path.endsWith("post/bundle/")) return new Response(JSON.stringify(phone.bundle));
    if (!path.endsWith("stamps/batch/")) return new Response(JSON.stringify({ next: null, carnets: [] }));
    const { stamps } = JSON.parse(how.body as string) as { stamps: { id: string }[] };
    sent.push(stamps.length);
    if (sent.length === 1) await phone.record(stamp(5), HOW);
    return new Response(JSON.stringify({ results: stamps.map(({ id }) => ({ id, outcome: "recorded" })) }));
  });
  await phone.record(stamp(), HOW);

  expect(await phone.sync()).toBe(true);
  await vi.waitFor(() => expect(sent).toEqual([1, 1]), { timeout: 5_000 });
  await vi.waitFor(async () => expect(await phone.queue.counts()).toEqual({ waiting: 0, problem: 0 }));
  phone.close();
});

test("what the phone stamped itself is part of what it knows", async () => {
  const phone = await phoneAtHorgos();
  const scanned = { qr: null, number: carnet().number, page: 3 };
  expect((await phone.judgeAlone(scanned, NOW))!.reasons.map(({ code }) => code)).not.toContain("voucher_already_stamped");

  await phone.record(stamp(), HOW);

  const shown = await phone.judgeAlone(scanned, NOW);
  expect(shown!.verdict).toBe("look");
  expect(shown!.reasons[0]!.code).toBe("voucher_already_stamped");
  phone.close();
});

test("a stamp that was taken back counts no more, and cannot be taken back twice", async () => {
  const phone = await phoneAtHorgos();
  const scanned = { qr: null, number: carnet().number, page: 3 };
  const before = await phone.judgeAlone(scanned, NOW);
  const made = (await phone.record(stamp(), HOW)) as StampItem;
  expect(canBeTakenBack(made, await phone.queue.all())).toBe(true);

  await phone.record(takeBackDeed(made, "wrong lorry", NOW + 60_000), HOW);

  const shown = await phone.judgeAlone(scanned, NOW + 120_000);
  expect(shown!.verdict).toBe(before!.verdict);
  expect(shown!.reasons).toEqual(before!.reasons);
  const all = await phone.queue.all();
  expect(all.map((item) => canBeTakenBack(item, all))).toEqual([false, false]);
  phone.close();
});

test("a stamp whose taking back was refused still counts", async () => {
  const phone = await phoneAtHorgos();
  const scanned = { qr: null, number: carnet().number, page: 3 };
  const made = (await phone.record(stamp(), HOW)) as StampItem;
  const taken = await phone.record(takeBackDeed(made, "wrong lorry", NOW), HOW);

  await phone.queue.save([{ ...taken, state: "problem", problem: { code: "cancelled_by_other_office" } }]);
  await phone.recount();

  expect((await phone.judgeAlone(scanned, NOW))!.reasons.map(({ code }) => code)).toContain("voucher_already_stamped");
  expect(canBeTakenBack(made, await phone.queue.all())).toBe(true);
  phone.close();
});

test("a browser that says it is offline is believed only when the server gives no sign of life", async () => {
  vi.stubGlobal("navigator", { onLine: false });
  const phone = await phoneAtHorgos();
  const asked: string[] = [];
  let isThere = false;
  vi.stubGlobal("fetch", async (path: string, how: RequestInit) => {
    asked.push(path);
    if (!isThere) throw new TypeError("no network");
    if (path === "/healthz/live") return new Response(JSON.stringify({ status: "ok" }));
    if (path.endsWith("post/bundle/")) return new Response(JSON.stringify(phone.bundle));
    if (!path.endsWith("stamps/batch/")) return new Response(JSON.stringify({ next: null, carnets: [] }));
    const { stamps } = JSON.parse(how.body as string) as { stamps: { id: string }[] };
    return new Response(JSON.stringify({ results: stamps.map(({ id }) => ({ id, outcome: "recorded" })) }));
  });
  await phone.record(stamp(), HOW);

  expect(await phone.sync()).toBe(false);
  expect(asked).toEqual(["/healthz/live"]);
  expect([(await phone.queue.counts()).waiting, phone.isHeard]).toEqual([1, false]);

  isThere = true;
  expect(await phone.sync()).toBe(true);
  expect([(await phone.queue.counts()).waiting, phone.isHeard]).toEqual([0, true]);
  phone.close();
});

test("a page that some network puts in the server's place is no sign of life", async () => {
  vi.stubGlobal("navigator", { onLine: false });
  const phone = await phoneAtHorgos();
  vi.stubGlobal("fetch", async () => new Response("<h1>Welcome to our hotel</h1>"));
  await phone.record(stamp(), HOW);

  expect(await phone.sync()).toBe(false);
  expect((await phone.queue.counts()).waiting).toBe(1);
  phone.close();
});

test("the phone calls itself fresh only when the carnets have come with the stop list", async () => {
  vi.stubGlobal("navigator", { onLine: true });
  const phone = await phoneAtHorgos();
  const later = NOW + 3_600_000;
  const newer = { ...phone.bundle!, as_of: "2026-03-07T07:00:00Z" };
  let isCut = true;
  vi.stubGlobal("fetch", async (path: string) => {
    if (path.endsWith("post/bundle/")) return new Response(JSON.stringify(newer));
    if (isCut) throw new TypeError("the network went away");
    return new Response(JSON.stringify({ next: null, carnets: [carnet()] }));
  });

  expect(await phone.sync(() => later)).toBe(false);
  expect(phone.bundle!.as_of).toBe(newer.as_of);
  expect(phone.syncedAt).toBe(NOW);
  expect(await phone.store.read("bundle")).toMatchObject({ bundle: { as_of: newer.as_of }, syncedAt: NOW });
  expect(phone.carnets.size).toBe(3);

  isCut = false;
  expect(await phone.sync(() => later)).toBe(true);
  expect(phone.syncedAt).toBe(later);
  expect((await phone.store.read("bundle"))!.syncedAt).toBe(later);
  phone.close();
});

test("a refused token is told, and the queue is kept", async () => {
  vi.stubGlobal("navigator", { onLine: true });
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ code: "not_authenticated" }), { status: 401 }));
  const refused = vi.fn<() => void>();
  const phone = await phoneAtHorgos({ refused });
  await phone.record(stamp(), HOW);

  expect(await phone.sync()).toBe(false);
  expect(refused).toHaveBeenCalled();
  expect((await phone.queue.counts()).waiting).toBe(1);
  phone.close();
});
