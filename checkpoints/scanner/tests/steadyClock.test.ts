import "fake-indexeddb/auto";
import { openDB } from "idb";
import { expect, test } from "vitest";
import { Queue } from "../src/queue/queue";
import { SteadyClock } from "../src/steadyClock";
import { openDatabase } from "../src/store/database";
import { makeKey } from "../src/store/vault";
import { Windows } from "../src/windows";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.parse("2026-03-07T06:00:00Z");

test.each([30 * DAY, -30 * DAY, 3 * MINUTE, -3 * MINUTE])("a clock set by %d ms is noticed once and marked from then on", (by) => {
  const clock = new SteadyClock("s", NOW, 1_000);
  expect(clock.look(NOW + MINUTE, 1_000 + MINUTE)).toBe(0);
  expect(clock.read(1_000 + MINUTE)).toEqual({ session: "s", at: 1_000 + MINUTE });

  expect(clock.look(NOW + 2 * MINUTE + by, 1_000 + 2 * MINUTE)).toBe(by);
  expect(clock.look(NOW + 3 * MINUTE + by, 1_000 + 3 * MINUTE)).toBe(0);
  expect(clock.read(1_000 + 3 * MINUTE)).toEqual({ session: "s", at: 1_000 + 3 * MINUTE, setBy: by });
  expect(clock.setSinceHeard).toBe(by);
});

test.each([2 * MINUTE, -2 * MINUTE, 0])("one set by %d ms is not", (by) => {
  const clock = new SteadyClock("s", NOW, 0);

  expect(clock.look(NOW + by, 0)).toBe(0);
  expect(clock.look(NOW + 2 * by, 0)).toBe(0);
  expect(clock.read(0)).not.toHaveProperty("setBy");
});

test("a phone that slept is told from one whose clock was set, unless that was set back", () => {
  const clock = new SteadyClock("s", NOW, 0);
  clock.sleep();
  expect(clock.look(NOW + 8 * 60 * MINUTE, 0)).toBe(0);
  clock.sleep();
  expect(clock.look(NOW, 0)).toBe(-8 * 60 * MINUTE);
  expect(clock.look(NOW + 8 * 60 * MINUTE, 0)).toBe(8 * 60 * MINUTE);
});

test("the distance of two acts, and when they were, hold whatever the clock said", () => {
  const clock = new SteadyClock("s", NOW, 0);
  const first = clock.read(10 * MINUTE);
  clock.look(NOW + 15 * MINUTE - 30 * DAY, 15 * MINUTE);
  const second = clock.read(22 * MINUTE);
  const server = { at: NOW + 60 * MINUTE, steadyAt: 60 * MINUTE };

  expect(second.at - first.at).toBe(12 * MINUTE);
  expect([first, second].map((act) => clock.timeOf(act, server))).toEqual([NOW + 10 * MINUTE, NOW + 22 * MINUTE]);
  expect(clock.timeOf({ session: "another", at: 0 }, server)).toBeNull();
  expect(clock.timeOf(first, null)).toBeNull();
});

test("acts stay in the order in which they were made when the clock is set back between them", async () => {
  const queue = new Queue(await openDatabase("order"), (await makeKey(["246810"], 1000)).vault);
  const how = { office: "KZHOR001", role: "entry" as const, wasOnline: false, clockOffset: null };
  for (const [page, madeAt] of [[1, NOW], [3, NOW - 30 * DAY], [5, NOW + 30 * DAY]] as const) {
    const body = { id: crypto.randomUUID(), carnet: "XZ99000001", page, occurred_at: new Date(madeAt).toISOString() };
    await queue.add({ kind: "stamp", body }, { ...how, madeAt });
  }
  const [, second] = await queue.all();
  await queue.save([{ ...second!, state: "problem" }]);

  expect((await queue.all()).map(({ body }) => "page" in body && body.page)).toEqual([1, 3, 5]);
});

test("a database of the first schema is brought up to date with all that is in it", async () => {
  const first = await openDB("old", 1, {
    upgrade(database) {
      database.createObjectStore("plain");
      database.createObjectStore("sealed");
      database.createObjectStore("queue", { keyPath: "id" }).createIndex("state", "state");
    },
  });
  const { vault } = await makeKey(["246810"], 1000);
  const rows = await Promise.all(
    Array.from({ length: 50 }, async (_, at) => ({ ...(await vault.seal({ at })), id: `${50 - at}`, state: "waiting", madeAt: at })),
  );
  for (const row of rows) await first.put("queue", row);
  await first.put("plain", "ru", "language");
  first.close();

  const now = await openDatabase("old");

  const kept = (await now.getAll("queue")).sort((one, other) => one.order - other.order);
  expect(kept.map(({ id, madeAt, order }) => [id, madeAt, order])).toEqual(rows.map(({ id, madeAt }, at) => [id, madeAt, at + 1]));
  expect(await Promise.all(kept.map((row) => vault.open(row)))).toEqual(rows.map((_, at) => ({ at })));
  expect(await now.get("plain", "language")).toBe("ru");
});

test("a database that a newer app has brought further opens as it is", async () => {
  const mine = await openDatabase("newer");
  await mine.put("plain", "zh", "language");
  mine.close();
  (await openDB("newer", 7, { upgrade: (database) => void database.createObjectStore("more") })).close();

  const again = await openDatabase("newer");

  expect([again.version, await again.get("plain", "language")]).toEqual([7, "zh"]);
});

test("one window leads, the other asks it, and leads when it is closed", async () => {
  const heard: string[] = [];
  const one = new Windows("two", (news) => {
    heard.push(news);
    if (news === "send") one.tell("synced");
  });
  expect(await one.leads()).toBe(true);
  const other = new Windows("two", () => undefined);
  expect(await other.leads()).toBe(false);

  expect(await other.ask()).toBe(true);
  expect(heard).toEqual(["send"]);
  one.close();
  await expect.poll(() => other.leads()).toBe(true);
  other.close();
});
