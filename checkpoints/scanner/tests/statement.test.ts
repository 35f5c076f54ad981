// What an officer states: nothing before a person states it, only what the voucher has a box for, and the verdict follows.

import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  beginReport,
  beginStamp,
  changeReport,
  changeStamp,
  crossSeal,
  makeStamp,
  makeStatement,
  signReport,
  stateInOrder,
} from "../src/actions/carnet";
import { nextLorry, readNumber } from "../src/actions/scanController";
import { missingInReport, missingInStamp } from "../src/forms";
import { Docket } from "../src/judging/docket";
import { withOwnDeeds } from "../src/queue/evidence";
import type { IncidentBody, StampBody } from "../src/queue/items";
import { isWaiting } from "../src/state";
import { canSayInOrder, entriesOf, withStatement } from "../src/statement";
import { appAtHorgos, carnet, later, leaving, NOW, type TestApp } from "./horgos";

let app: TestApp;

beforeEach(async () => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
  vi.stubGlobal("navigator", { onLine: false });
  app = await appAtHorgos();
});

afterEach(() => {
  app.state.phone?.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const verdict = () => {
  const { screenful, statement, isReported } = app.state.lorry;
  return withStatement(screenful!, statement, isReported);
};
const codes = () => verdict().reasons.map(({ code }) => code);
const missing = () => missingInStamp(app.state.lorry.stamp!, app.state.lorry.statement, app.state.lorry.screenful!);
const tap = async (...actions: Parameters<TestApp["send"]>) => {
  for (const action of actions) {
    await later();
    await app.send(action);
  }
};

/** The bodies of what was put on the phone, oldest first. */
async function made(): Promise<(StampBody | IncidentBody)[]> {
  return (await app.state.phone!.queue.all()).map(({ body }) => body) as (StampBody | IncidentBody)[];
}

describe("a list", () => {
  test.each([
    ["AB 55", ["AB 55"]],
    ["AB 55\nAB 56", ["AB 55", "AB 56"]],
    ["  ab 55 ,\n\n AB 55; 01 KZ 123 ABC", ["AB 55", "01 KZ 123 ABC"]],
    [" \n ", []],
  ])("%j holds %j: a blank is no end", (typed, entries) => {
    expect(entriesOf(typed)).toEqual(entries);
  });

  test("of a report arrives as it was typed", async () => {
    await tap(readNumber(carnet().number), beginReport);
    await tap(changeReport({ text: "Cut.", affixed: "AB 55\nAB 56", vehicles: "99 ZZ 999" }), signReport);

    expect((await made())[0]).toMatchObject({ seals_affixed: ["AB 55", "AB 56"], vehicles: ["99 ZZ 999"] });
  });

  test.each([
    ["A".repeat(40), null],
    ["A".repeat(41), "why.long"],
    [Array.from({ length: 50 }, (_, at) => `S${at}`).join("\n"), null],
    [Array.from({ length: 51 }, (_, at) => `S${at}`).join("\n"), "why.long"],
  ])("takes what the server takes (%#)", (affixed, why) => {
    expect(missingInReport({ ...app.state.lorry.report, text: "Cut.", affixed })).toBe(why);
  });
});

describe("the verdict", () => {
  test("follows the officer: a seal crossed out makes a look of a go, and a go again when it was a slip", async () => {
    await tap(readNumber(carnet().number));
    expect(verdict().verdict).toBe("go");

    await tap(crossSeal("A-10023"));
    expect([verdict().verdict, codes()]).toEqual(["look", expect.arrayContaining(["seal_broken_no_pv"])]);

    await tap(crossSeal("A-10023"));
    expect(verdict().verdict).toBe("go");
    expect(app.state.lorry.statement.seals).toBeNull();
  });

  test("does not ask for the report that was signed", async () => {
    await tap(readNumber(carnet().number), crossSeal("A-10023"), beginReport, changeReport({ text: "Cut." }), signReport);

    expect(codes()).not.toContain("seal_broken_no_pv");
  });

  test("finds packages counted that are not those declared", async () => {
    await tap(readNumber(leaving().number), makeStatement({ packages: { kind: "counted", number: "419" } }));
    expect(codes()).toContain("packages_differ");

    await tap(makeStatement({ packages: { kind: "counted", number: "420" } }));
    expect(codes()).not.toContain("packages_differ");
  });
});

describe("what was answered", () => {
  test("with \"not checked\" is a look, and what was not asked yet is none", async () => {
    await tap(readNumber(leaving().number));
    expect(codes()).toEqual([]);
    await tap(makeStatement({ seals: { kind: "not_checked" }, packages: { kind: "not_checked" } }));
    expect([verdict().verdict, codes()]).toEqual(["look", ["seals_not_checked", "packages_not_certified"]]);
  });

  test("of a vehicle that is not there is a look", async () => {
    await tap(readNumber(leaving().number));
    await tap(makeStatement({ units: { kind: "list", absent: new Set(["01KZ123ABC"]), others: "99 ZZ 999" } }));
    expect([verdict().verdict, codes()]).toEqual(["look", ["vehicle_changed"]]);
  });

  test("in letters that look alike is only noted", async () => {
    await tap(readNumber(leaving().number));
    await tap(makeStatement({ seals: { kind: "list", bad: new Set(), others: "а 10023" } }));
    expect(verdict().verdict).toBe("go");
  });

  test.each([
    ["8200", []],
    ["8366", ["mass_differs"]],
  ])("%s kg on the scales: %j", async (number, found) => {
    await tap(readNumber(leaving().number), makeStatement({ packages: { kind: "weighed", number } }));
    expect(codes()).toEqual(found);
  });
});

describe("a stamp", () => {
  test("at a clean entry is two taps, the first of which says that the seals are intact", async () => {
    await tap(readNumber(carnet().number));
    expect(canSayInOrder(app.state.lorry.statement, verdict())).toBe(true);
    await tap(stateInOrder);
    expect(missing()).toBeNull();
    await tap(makeStamp);

    const [stamp] = await made();
    expect(stamp).toMatchObject({ page: 3, seals: { intact: true, found: ["A-10023", "A-10024"] } });
    expect(Object.keys(stamp!).sort()).toEqual(["carnet", "id", "occurred_at", "page", "seals", "time_limit"]);
  });

  test("at a clean exit says besides that the packages are those of the manifest", async () => {
    await tap(readNumber(leaving().number), stateInOrder, makeStamp);

    const [stamp] = await made();
    expect(stamp).toMatchObject({ page: 4, seals: { intact: true }, packages_basis: "as_manifest" });
    expect(stamp).not.toHaveProperty("packages");
    expect(stamp).not.toHaveProperty("time_limit");
  });

  test("says nothing that the officer did not: each is asked for, and a blank is an answer of its own", async () => {
    await tap(readNumber(leaving().number), beginStamp());
    expect(missing()).toBe("why.seals");
    await tap(makeStatement({ seals: { kind: "not_checked" } }));
    expect(missing()).toBe("why.packages");
    await tap(makeStatement({ packages: { kind: "as_manifest" } }));
    expect(missing()).toBe("why.manifest");
    await tap(makeStatement({ packages: { kind: "counted", number: "" } }));
    expect(missing()).toBe("why.count");
    await tap(makeStatement({ packages: { kind: "not_checked" } }));
    expect(missing()).toBeNull();
    await tap(makeStamp);

    const [stamp] = await made();
    expect(Object.keys(stamp!).sort()).toEqual(["carnet", "id", "occurred_at", "page"]);
  });

  test("that the plan does not have is made when the officer says that it is so", async () => {
    await tap(readNumber(carnet().number), stateInOrder);
    const look = { code: "not_planned", level: "look", facts: { page: 3, planned: "TJDYU001" } } as const;
    const { screenful } = app.state.lorry;
    app.state.lorry = { ...app.state.lorry, screenful: { ...screenful!, verdict: "look", reasons: [look] } };
    expect(missing()).toBe("why.unplanned");
    await tap(changeStamp({ isUnplanned: true }));
    expect(missing()).toBeNull();
    await tap(makeStamp);

    expect((await made())[0]).toMatchObject({ page: 3, unplanned: true });
  });

  test("is not called unplanned where the plan has it", async () => {
    await tap(readNumber(carnet().number), stateInOrder, changeStamp({ isUnplanned: true }), makeStamp);

    expect((await made())[0]).not.toHaveProperty("unplanned");
  });

  test("says which seals came off and which went on, where the load compartment was opened", async () => {
    await tap(readNumber(carnet().number), stateInOrder);
    await tap(makeStatement({ isOpened: true, removed: "a-10023\nA-10024", affixed: "K 7" }), makeStamp);

    const seals = { intact: true, removed: ["A-10023", "A-10024"], affixed: ["K 7"] };
    expect((await made())[0]).toMatchObject({ seals });
  });

  test("says which vehicles and containers are there, when it is asked", async () => {
    await tap(readNumber(carnet().number), stateInOrder, makeStatement({ units: { kind: "all" } }), makeStamp);
    expect((await made())[0]).toMatchObject({ vehicles: ["01KZ123ABC"] });
    expect((await made())[0]).not.toHaveProperty("containers");
  });

  test("of a look cannot be stated with one tap", async () => {
    await tap(readNumber(carnet().number));
    const look = { ...verdict(), verdict: "look" as const };

    expect(canSayInOrder(app.state.lorry.statement, look)).toBe(false);
  });

  test("on a voucher No. 1 says nothing that has no box there", async () => {
    await tap(readNumber(carnet().number), stateInOrder);
    const said = { endsHere: true, goesOn: true, isSuspension: true, presented: "9", reservation: "Two cartons wet." };
    await tap(changeStamp(said));
    await tap(makeStatement({ packages: { kind: "counted", number: "3" } }), makeStamp);

    const [stamp] = await made();
    for (const member of ["packages", "packages_presented", "goes_on", "ends_here", "suspension", "reservation"]) {
      expect(stamp).not.toHaveProperty(member);
    }
  });

  test("on a voucher No. 2 says all of it", async () => {
    await tap(readNumber(leaving().number), beginStamp(true));
    expect(app.state.lorry.stamp!.timeLimit).toBe("");
    await tap(makeStatement({ seals: { kind: "intact" }, packages: { kind: "counted", number: "418" } }));
    expect(missing()).toBe("why.reservation");
    const said = { endsHere: true, goesOn: true, isSuspension: true, presented: " 419 ", reservation: " Two cartons wet. " };
    await tap(changeStamp({ ...said, presented: "many" }));
    expect(missing()).toBe("why.count");
    await tap(changeStamp(said), makeStamp);

    const [stamp] = await made();
    expect(stamp).toMatchObject({ packages: 418, packages_basis: "counted", packages_presented: 419 });
    expect(stamp).toMatchObject({ ends_here: true, goes_on: true, suspension: true, reservation: "Two cartons wet." });
  });

  test("has no time limit before the day it is made, at the office", async () => {
    await tap(readNumber(carnet().number), stateInOrder);

    await tap(changeStamp({ timeLimit: "2026-03-07" }));
    expect(missing()).toBeNull();
    await tap(changeStamp({ timeLimit: "2026-03-06" }));
    expect(missing()).toBe("why.limit");
  });
});

describe("the seals of a report", () => {
  const report = [crossSeal("A-10023"), beginReport, changeReport({ text: "Cut.", affixed: "K 7" }), signReport];

  /** What the next office should find, by all that this phone has made. */
  async function atTheNextOffice(): Promise<string[] | null> {
    const items = await app.state.phone!.queue.all();
    return new Docket(withOwnDeeds(carnet(), items, "Asia/Almaty"), app.state.phone!.bundle!).seals;
  }

  test("are filled into the stamp that follows, and expected at the next office", async () => {
    await tap(readNumber(carnet().number), ...report, beginStamp());
    expect(app.state.lorry.statement).toMatchObject({ affixed: "K 7", seals: { kind: "list" } });
    expect(missing()).toBeNull();
    await tap(makeStamp);

    expect((await made())[1]).toMatchObject({ seals: { intact: false, found: ["A-10024"], affixed: ["K 7"] } });
    expect(await atTheNextOffice()).toEqual(["A-10024", "K 7"]);
  });

  test("are expected at the next office too when the report follows the stamp", async () => {
    const bad = new Set(["A-10023"]);
    await tap(readNumber(carnet().number), beginStamp(), makeStatement({ seals: { kind: "list", bad, others: "" } }), makeStamp);
    await tap(nextLorry, readNumber(carnet().number), ...report);

    expect((await made()).map((body) => "page" in body)).toEqual([true, false]);
    expect(await atTheNextOffice()).toEqual(["A-10024", "K 7"]);
  });
});

describe("while the server is asked", () => {
  const UNKNOWN = "XW31415926";
  let answer = (_verdict: string): void => undefined;

  beforeEach(() => {
    vi.stubGlobal("navigator", { onLine: true });
    vi.stubGlobal("fetch", (path: string) => {
      if (!path.endsWith("scans/")) return Promise.reject(new TypeError("no network"));
      return new Promise((resolve) => {
        answer = (said) =>
          resolve(
            new Response(
              JSON.stringify({ verdict: said, reasons: [], carnet: null, expected: null, seals: null, risk: null }),
            ),
          );
      });
    });
  });

  test("there is no verdict about what is not known here, until it answers", async () => {
    const asked = app.send(readNumber(UNKNOWN));
    await vi.waitFor(() => expect(app.state.screen).toBe("carnet"));
    expect(isWaiting(app.state.lorry)).toBe(true);

    answer("go");
    await asked;
    expect(isWaiting(app.state.lorry)).toBe(false);
    expect(verdict()).toMatchObject({ verdict: "go", source: "server" });
  });

  test("and does not answer, the phone says that it does not know", async () => {
    vi.stubGlobal("fetch", () => new Promise((_, reject) => setTimeout(() => reject(new TypeError("gone")), 600)));
    const asked = app.send(readNumber(UNKNOWN));
    await vi.waitFor(() => expect(isWaiting(app.state.lorry)).toBe(true));
    await asked;

    expect(isWaiting(app.state.lorry)).toBe(false);
    expect(verdict()).toMatchObject({ verdict: "unknown", source: "phone" });
  });

  test("the phone's own verdict stands about a carnet that it holds", async () => {
    const asked = app.send(readNumber(carnet().number));
    await vi.waitFor(() => expect(app.state.screen).toBe("carnet"));
    expect([isWaiting(app.state.lorry), app.state.lorry.isAsking, verdict().verdict]).toEqual([false, true, "go"]);

    answer("stop");
    await asked;
    expect([app.state.lorry.isAsking, verdict().verdict]).toEqual([false, "stop"]);
  });
});
