import "fake-indexeddb/auto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { freshness } from "../src/screens/widgets";
import { shownNow } from "../src/screens/shown";
import { makeStamp, stateInOrder } from "../src/actions/carnet";
import { readNumber } from "../src/actions/scanController";
import { isWrong, offsetAt, readClock } from "../src/serverClock";
import { steadyClock } from "../src/steadyClock";
import { appAtHorgos, carnet, later, NOW, type TestApp } from "./horgos";

const MINUTE = 60_000;
let app: TestApp | undefined;

afterEach(() => {
  app?.state.phone?.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the server's clock", () => {
  test.each([
    ["Sat, 07 Mar 2026 06:00:00 GMT", 0, 500],
    ["Sat, 07 Mar 2026 06:00:00 GMT", 4_000, 2_500],
    ["Sat, 07 Mar 2026 05:30:00 GMT", 0, -30 * MINUTE + 500],
  ])("%s after %d ms is %d ms from ours", (date, took, offset) => {
    expect(readClock(date, took, NOW, 10)!.offset).toBe(offset);
  });

  test.each([null, "", "soon"])("is not read from %j", (date) => {
    expect(readClock(date, 0, NOW, 10)).toBeNull();
    expect(offsetAt(null, NOW, 10)).toBeNull();
  });

  test.each([
    [10 * MINUTE, false],
    [10 * MINUTE + 1, true],
    [-10 * MINUTE, false],
    [-10 * MINUTE - 1, true],
  ])("%d ms away is wrong: %s", (offset, wrong) => {
    expect(isWrong(offset)).toBe(wrong);
  });

  test("shows a clock that is set back, and takes one that went on for a phone that slept", () => {
    const reading = { offset: 0, heardAt: NOW, steadyAt: 1_000 };

    expect(offsetAt(reading, NOW + MINUTE, 1_000 + MINUTE)).toBe(0);
    expect(offsetAt(reading, NOW - 60 * MINUTE + MINUTE, 1_000 + MINUTE)).toBe(60 * MINUTE);
    expect(offsetAt(reading, NOW + 60 * MINUTE, 1_000 + MINUTE)).toBe(0);
  });
});

/** The app after a sync with a server whose clock is so far from the phone's. */
async function syncedWith(offset: number): Promise<TestApp> {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
  steadyClock.look(); // the test has just set this clock
  steadyClock.setSinceHeard = 0;
  vi.stubGlobal("navigator", { onLine: false });
  app = await appAtHorgos();
  const { phone } = app.state;
  while (phone!.isSending) await new Promise((passed) => setTimeout(passed, 5)); // the first sync finds no network
  const headers = { Date: new Date(NOW + offset).toUTCString() };
  vi.stubGlobal("navigator", { onLine: true });
  vi.stubGlobal("fetch", async (path: string) => {
    if (path.endsWith("post/bundle/")) return new Response(JSON.stringify(phone!.bundle), { headers });
    return new Response(JSON.stringify({ next: null, carnets: [carnet()] }), { headers });
  });
  await phone!.sync();
  vi.stubGlobal("navigator", { onLine: false });
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("no network");
  });
  return app;
}

describe("a phone whose clock is wrong", () => {
  test.each([
    [11 * MINUTE, "behind"],
    [-11 * MINUTE, "ahead"],
    [3 * 24 * 60 * MINUTE, "behind"],
  ])("by %d ms says so before stamping, and where it said how fresh it is", async (offset, way) => {
    const { state, send } = await syncedWith(offset);
    await send(readNumber(carnet().number));

    expect(shownNow(state).verdict).toBe("look");
    expect(shownNow(state).reasons[0]).toMatchObject({ code: "clock_wrong", level: "look" });
    expect(shownNow(state).reasons[0]!.detail).toContain(way);
    expect(freshness(state.phone!.syncedAt, NOW, state.phone!.clockOffset()).level).toBe("red");
  });

  test.each([0, 9 * MINUTE, -9 * MINUTE])("but by less than ten minutes (%d ms) nothing is said", async (offset) => {
    const { state, send } = await syncedWith(offset);
    await send(readNumber(carnet().number));

    expect(shownNow(state).verdict).toBe("go");
    expect(freshness(state.phone!.syncedAt, NOW, state.phone!.clockOffset()).level).toBe("green");
  });

  test("knows it still after a restart, and sends its own time all the same", async () => {
    const { state, send } = await syncedWith(60 * MINUTE);
    const held = await state.phone!.store.read("clock");
    await send(readNumber(carnet().number));
    await later();
    await send(stateInOrder);
    await later();
    await send(makeStamp);

    const [item] = await state.phone!.queue.all();
    expect(Math.round(held!.offset / MINUTE)).toBe(60);
    expect(item!.body.occurred_at).toBe(new Date(NOW + 800).toISOString());
    expect(Math.round(item!.clockOffset! / MINUTE)).toBe(60);
  });
});
