// A hand-over as two officers go through it, without a screen: what goes, what is refused, what is kept.

import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { lock } from "../src/actions/opening";
import { Chain } from "../src/handover/chain";
import { pack, unsentDocument } from "../src/handover/document";
import type { Looking, Showing } from "../src/handover/handover";
import { advance, beginReading, pause, see, showAnswer, showUnsent, speed, takeOver } from "../src/handover/steps";
import type { UnsentFile } from "../src/queue/file";
import type { Deed, Item } from "../src/queue/items";
import { appAtHorgos, carnet, later, NOW, type TestApp } from "./horgos";

let maker: TestApp;
let other: TestApp;

beforeEach(async () => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
  vi.stubGlobal("navigator", { onLine: false });
  [maker, other] = [await officerAtHorgos("maker"), await officerAtHorgos("other")];
});

afterEach(() => {
  for (const app of [maker, other]) app.state.phone?.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function officerAtHorgos(username: string): Promise<TestApp> {
  const app = await appAtHorgos();
  app.state.enrolment = { username, office: "KZHOR001" } as never;
  return app;
}

const occurred_at = new Date(NOW).toISOString();

function stamp(page = 3): Deed {
  return { kind: "stamp", body: { id: crypto.randomUUID(), carnet: carnet().number, page, occurred_at } };
}

function report(data: string): Deed {
  const body = { id: crypto.randomUUID(), carnet: carnet().number, kind: "other" as const, description: "Cut.", seals_broken: [], seals_affixed: [], vehicles: [], occurred_at };
  return { kind: "incident", body: { ...body, photos: data ? [{ content_type: "image/jpeg" as const, data }] : [] } };
}

function refusal(): Deed {
  return { kind: "refusal", body: { id: crypto.randomUUID(), carnet: carnet().number, page: 3, reason: "other", text: "No lorry.", occurred_at } };
}

async function record(app: TestApp, deed: Deed): Promise<Item> {
  return app.state.phone!.record(deed, { role: "", wasOnline: false, now: Date.now() });
}

/** Hold the codes that one shows before the other's camera. */
async function film(shows: TestApp, reads: TestApp): Promise<void> {
  const { chain } = shows.state.handover as Showing;
  await reads.send(beginReading);
  for (let index = 0; index < chain.count; index++) await reads.send(see(chain.frame(index)));
}

async function filmDocument(reads: TestApp, office: string, files: UnsentFile[]): Promise<void> {
  const { bytes, isPacked } = await pack(unsentDocument(office, files));
  const chain = await Chain.of(bytes, isPacked);
  await reads.send(beginReading);
  for (let index = 0; index < chain.count; index++) await reads.send(see(chain.frame(index)));
}

describe("what one officer shows", () => {
  test("is kept by the other with all its kinds, at an explicit tap and not before", async () => {
    for (const deed of [stamp(), refusal(), report("")]) await record(maker, deed);
    await maker.send(showUnsent);
    await film(maker, other);

    expect(other.state.handover).toMatchObject({ name: "look", fresh: 3, isOfThisOffice: true });
    expect(await other.state.phone!.queue.all()).toEqual([]);
    await later();
    await other.send(takeOver);

    const kept = await other.state.phone!.queue.all("waiting");
    expect(kept.map(({ kind, maker: by }) => [kind, by!.officer]).sort()).toEqual([["incident", "maker"], ["refusal", "maker"], ["stamp", "maker"]]);
    expect((await maker.state.phone!.queue.counts()).waiting).toBe(3);
  });

  test("leaves out a report whose photo is too large, and says so", async () => {
    await record(maker, report("A".repeat(20_000)));
    await maker.send(showUnsent);
    expect([maker.state.handover, maker.state.notice]).toEqual([null, expect.stringContaining("1 with photos")]);

    await record(maker, stamp());
    await maker.send(showUnsent);
    expect(maker.state.handover).toMatchObject({ says: { facts: { n: 1 } }, leavesOut: [{ key: "show.large", facts: { n: 1 } }] });
  });

  test("leaves out what was made at another office", async () => {
    const elsewhere = await record(maker, stamp());
    await maker.state.phone!.queue.save([{ ...elsewhere, office: "CNURC001" }]);
    await maker.send(showUnsent);

    expect(maker.state.notice).toContain("another office");
    await maker.state.phone!.queue.save([elsewhere]);
    await maker.send(showUnsent);
    expect(maker.state.handover).toMatchObject({ name: "show", leavesOut: [] });
  });

  test("goes on by itself, pauses, and goes faster up to an end", async () => {
    await record(maker, stamp());
    await maker.send(showUnsent, advance, advance, pause, advance);
    expect(maker.state.handover).toMatchObject({ index: 1, isPaused: true, perSecond: 5 });

    await maker.send(pause, advance, speed(1), speed(1));
    expect(maker.state.handover).toMatchObject({ index: 2, isPaused: false, perSecond: 8 });
  });

  test("is forgotten when the phone is locked", async () => {
    await record(maker, stamp());
    await maker.send(showUnsent);
    expect(maker.state.handover).not.toBeNull();

    await maker.send(lock);
    expect(maker.state.handover).toBeNull();
  });
});

describe("what the other reads", () => {
  test("is kept only once", async () => {
    await record(maker, stamp());
    await maker.send(showUnsent);
    await film(maker, other);
    await later();
    await other.send(takeOver);
    await film(maker, other);

    expect(other.state.handover).toMatchObject({ name: "look", fresh: 0 });
  });

  test("of another office is refused, also at a tap that should not be there", async () => {
    const { body } = stamp() as Deed & { kind: "stamp" };
    const file = { format: "tir-unsent-1" as const, device: null, officer: "far", exported_at: occurred_at, stamps: [{ ...body, offline: true as const }] };
    await filmDocument(other, "CNURC001", [file]);
    await later();
    await other.send(takeOver);
    expect((other.state.handover as Looking).isOfThisOffice).toBe(false);
    expect(await other.state.phone!.queue.all()).toEqual([]);

    await filmDocument(other, "KZHOR001", [file]);
    await later();
    await other.send(takeOver);
    expect((await other.state.phone!.queue.all()).length).toBe(1);
  });

  test("is refused when its checksum does not fit, and then read anew", async () => {
    await record(maker, stamp());
    await maker.send(showUnsent, advance);
    const { chain } = maker.state.handover as Showing;
    const last = chain.frame(0);
    const spoilt = `${last.slice(0, -6)}${last.slice(-6) === "000000" ? "111000" : "000000"}`;
    await other.send(beginReading, see(spoilt));
    expect(other.state.handover).toMatchObject({ name: "read", note: "read.spoilt", isWhole: false });

    await other.send(see(chain.frame(0)));
    expect(other.state.handover).toMatchObject({ name: "look", fresh: 1 });
  });

  test("of two transfers only the first is", async () => {
    await record(maker, stamp());
    await maker.send(showUnsent);
    const first = (maker.state.handover as Showing).chain;
    await later(1_000);
    for (let page = 5; page < 40; page++) await record(maker, stamp(page));
    await maker.send(showUnsent);
    const second = (maker.state.handover as Showing).chain;
    await other.send(beginReading, see(second.frame(0)), see(first.frame(0)));

    expect(other.state.handover).toMatchObject({ name: "read", note: "read.other" });
    expect((other.state.handover as { reader: { held: number } }).reader.held).toBe(1);
  });
});

test("the answer tells the maker who has it, and leaves it unsent there", async () => {
  const made = await record(maker, stamp());
  await maker.send(showUnsent);
  await film(maker, other);
  await later();
  await other.send(takeOver, showAnswer);
  await film(other, maker);

  expect(maker.state.handover).toMatchObject({ name: "heard", officer: "other", heard: { recorded: 0, waiting: 1 } });
  expect(await maker.state.phone!.itemOf(made.body.id)).toMatchObject({ state: "waiting", handedOver: { to: "other" } });
});
