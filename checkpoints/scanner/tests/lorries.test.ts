// One lorry's state is one value: nothing of it is left when the next one comes, however the officer got there.

import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { beginReport, changeRefusal, changeReport, showRoute, signReport, takePhotos, crossSeal } from "../src/actions/carnet";
import { lock, openPhone, tick } from "../src/actions/opening";
import { nextLorry, readNumber } from "../src/actions/scanController";
import { freshLorry } from "../src/state";
import { steadyClock } from "../src/steadyClock";
import { appAtHorgos, carnet, later, NOW, OTHER, type TestApp } from "./horgos";

const SIX_MINUTES = 6 * 60_000;
let app: TestApp;

beforeEach(async () => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date", "performance"] });
  vi.stubGlobal("navigator", { onLine: false });
  steadyClock.look(); // it began before the clock was set for this test
  app = await appAtHorgos();
});

afterEach(() => {
  app.state.phone?.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function reportBegun(): Promise<void> {
  await app.send(
    readNumber(carnet().number),
    crossSeal("A-10023"),
    beginReport,
    changeReport({ text: "Seal cut.", affixed: "B-777", vehicles: "99 ZZ 999" }),
    changeRefusal({ reason: "other", text: "No papers." }),
  );
}

/** All that a fresh lorry has, but for the four members that scanning fills. */
function leftOver(): Record<string, unknown> {
  const { visit: _visit, scanned: _scanned, screenful: _screenful, isAsking: _isAsking, ...rest } = app.state.lorry;
  return rest;
}

const { visit: _visit, scanned: _scanned, screenful: _screenful, isAsking: _isAsking, ...NOTHING } = freshLorry(0);

describe("a report begun for one lorry", () => {
  test("is there while it is that lorry's", async () => {
    await reportBegun();

    expect(app.state.lorry.report).toMatchObject({ text: "Seal cut.", affixed: "B-777" });
    expect([...app.state.lorry.report.broken]).toEqual(["A-10023"]);
  });

  test("is not the next one's, after the phone has locked itself in between", async () => {
    await reportBegun();
    await later(SIX_MINUTES);
    await app.send(tick);
    expect(app.state.screen).toBe("lock");

    await openPhone(app, app.vault);
    await app.send(readNumber(OTHER), beginReport);

    expect(app.state.lorry.screenful!.number).toBe(OTHER);
    expect(leftOver()).toEqual(NOTHING);
  });

  test("is not the next one's, whichever way one gets to it", async () => {
    await reportBegun();
    await app.send(nextLorry, readNumber(OTHER));
    expect(leftOver()).toEqual(NOTHING);

    await reportBegun();
    await app.send(readNumber(OTHER));
    expect(leftOver()).toEqual(NOTHING);
  });

  test("does not come back with a photo that was still being made smaller", async () => {
    let made = (_picture: unknown): void => undefined;
    vi.stubGlobal("createImageBitmap", () => new Promise((resolve) => (made = resolve)));
    vi.stubGlobal("document", { createElement: () => canvas() });
    await reportBegun();
    const taking = takePhotos([new File(["x"], "a.jpg")])(app);

    await app.send(lock);
    await openPhone(app, app.vault);
    await app.send(readNumber(OTHER));
    made({ width: 10, height: 10, close: () => undefined });
    await taking;

    expect(leftOver()).toEqual(NOTHING);
  });

  test("keeps its photo, when it is still that lorry", async () => {
    vi.stubGlobal("createImageBitmap", async () => ({ width: 10, height: 10, close: () => undefined }));
    vi.stubGlobal("document", { createElement: () => canvas() });
    await reportBegun();

    await app.send(takePhotos([new File(["x"], "a.jpg")]));

    expect(app.state.lorry.report.photos).toEqual([{ content_type: "image/jpeg", data: btoa("jpeg") }]);
  });
});

function canvas() {
  return {
    getContext: () => ({ drawImage: () => undefined }),
    toBlob: (done: (blob: Blob) => void) => done(new Blob(["jpeg"])),
  };
}

describe("an answer about one lorry", () => {
  /** A server that answers about goods when it is told to, and nothing else. */
  function goodsLater(): () => void {
    let answer = (): void => undefined;
    vi.stubGlobal("navigator", { onLine: true });
    vi.stubGlobal("fetch", (path: string) => {
      if (!path.includes("/carnets/XZ99000001/")) return Promise.reject(new TypeError("no network"));
      const body = JSON.stringify({ goods: [{ description: "goods of A", packages: 5 }] });
      return new Promise((resolve) => (answer = () => resolve(new Response(body))));
    });
    return () => answer();
  }

  test("is shown when it comes in time", async () => {
    await app.send(readNumber(carnet().number));
    const answer = goodsLater();
    const asked = showRoute(app);
    answer();
    await asked;

    expect(app.state.lorry.goods).toEqual(["5 × goods of A"]);
  });

  test("is dropped when another stands there", async () => {
    await app.send(readNumber(carnet().number));
    const answer = goodsLater();
    const asked = showRoute(app);
    await app.send(nextLorry, readNumber(OTHER));
    answer();
    await asked;

    expect(app.state.lorry.screenful!.number).toBe(OTHER);
    expect(app.state.lorry.goods).toBeNull();
  });

  test("is dropped when the verdict of another is up", async () => {
    vi.stubGlobal("navigator", { onLine: true });
    let refuse = (): void => undefined;
    const stopped = { verdict: "stop", reasons: [], carnet: null, expected: null, seals: null, risk: null };
    vi.stubGlobal("fetch", (path: string, how: RequestInit) => {
      if (!path.endsWith("scans/") || !(how.body as string).includes(carnet().number)) {
        return Promise.reject(new TypeError("no network"));
      }
      return new Promise((resolve) => (refuse = () => resolve(new Response(JSON.stringify(stopped)))));
    });
    const first = readNumber(carnet().number)(app);
    await vi.waitFor(() => expect(app.state.screen).toBe("carnet"));
    await app.send(nextLorry, readNumber(OTHER));
    refuse();
    await first;

    expect(app.state.lorry.screenful).toMatchObject({ number: OTHER, verdict: "go" });
  });
});

test("a report's signature closes that lorry's report only", async () => {
  await reportBegun();
  await later();
  await app.send(signReport);

  expect(app.state.screen).toBe("done");
  expect((await app.state.phone!.queue.all()).map(({ body }) => body.carnet)).toEqual([carnet().number]);
  await app.send(nextLorry);
  expect(leftOver()).toEqual(NOTHING);
});
