// What the phone says of itself, and from when on what waits is urgent.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { hashOfIds, heartbeat, urgencyOf, waitsSince } from "../src/queue/heartbeat";
import type { Item } from "../src/queue/items";
import { sealsSaid } from "../src/screens/doneScreen";

const HOUR = 3_600_000;
const NOW = Date.parse("2026-03-02T06:00:00Z");

function made(state: Item["state"], madeAt: number, clockOffset: number | null = null): Item {
  const body = { id: crypto.randomUUID(), carnet: "XZ99000001", page: 3, occurred_at: new Date(madeAt).toISOString() };
  return { kind: "stamp", body, state, madeAt, clockOffset, office: "KZHOR001", role: "", wasOnline: false, tries: 0 };
}

describe("a heartbeat", () => {
  test("counts what waits and what a person must decide, and dates the oldest", async () => {
    const items = [made("done", NOW - 9 * HOUR), made("waiting", NOW - HOUR), made("problem", NOW - 3 * HOUR)];

    const said = await heartbeat(items, "7");

    expect([said.unsent, said.app_version, said.oldest_unsent_at]).toEqual([2, "7", "2026-03-02T03:00:00.000Z"]);
    expect(said.queue_hash).toBe(await hashOfIds([items[2]!.body.id, items[1]!.body.id]));
    expect(said.storage).toEqual({ persisted: null, free_bytes: null }); // this is no browser
  });

  test("of an empty queue has no oldest", async () => {
    expect(await heartbeat([made("done", NOW)], "7")).not.toHaveProperty("oldest_unsent_at");
  });

  test("dates the oldest by the server's clock, where the phone knew how wrong its own was", () => {
    expect(waitsSince([made("waiting", NOW, -2 * HOUR), made("waiting", NOW - HOUR)])).toBe(NOW - 2 * HOUR);
  });
});

test("the hash is of the ids in lower case, sorted, a line each", async () => {
  const expected = createHash("sha256").update("a1\nb2").digest("hex");

  expect(await hashOfIds(["B2", "a1"])).toBe(expected);
  expect(await hashOfIds(["a1", "c3"])).not.toBe(expected);
});

test.each([
  [null, "none"],
  [4 * HOUR - 1, "none"],
  [4 * HOUR, "amber"],
  [24 * HOUR - 1, "amber"],
  [24 * HOUR, "red"],
])("what has waited for %s ms is %s", (age, urgency) => {
  expect(urgencyOf(age === null ? null : NOW - age, NOW)).toBe(urgency);
});

describe("the seals on a slip", () => {
  test("are those found intact, those found and those affixed", () => {
    expect(sealsSaid({ intact: true }, ["A-1", "A-2"])).toEqual(["intact: A-1, A-2"]);
    expect(sealsSaid({ intact: false, found: ["A-1"], affixed: ["K 7"] }, ["A-1", "A-2"])).toEqual(["found: A-1", "affixed: K 7"]);
    expect(sealsSaid(undefined, ["A-1"])).toEqual([]);
  });
});
