// A desk as its officer goes through it, without a page: what it reads, hands in, and answers the phone with.

import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Api } from "../src/api";
import { Desk, type Step } from "../src/desk/desk";
import { DESK_PHRASES, phrase } from "../src/desk/words";
import { Chain } from "../src/handover/chain";
import { type AnswerDocument, answerDocument, pack, unpack, unsentDocument } from "../src/handover/document";
import { PHRASES } from "../src/handover/words";
import { filesOf, type UnsentFile } from "../src/queue/file";
import type { Item } from "../src/queue/items";
import { en } from "../src/words/en";
import { ru } from "../src/words/ru";
import { zh } from "../src/words/zh";

const NOW = Date.parse("2026-11-28T08:00:00Z");
const HASH = "ab".repeat(32);
const occurred_at = new Date(NOW - 3_600_000).toISOString();

interface Asked {
  path: string;
  headers: Record<string, string>;
  credentials: string;
  body: { format: string; officer: string } & Partial<Record<"stamps" | "refusals" | "incidents", { id: string }[]>>;
}

let asked: Asked[];
let desk: Desk;
let fails: (call: number) => Response | null;

beforeEach(() => {
  asked = [];
  fails = () => null;
  desk = new Desk({ officer: "desk", office: "KZHOR001" }, new Api(null, () => "en", undefined, "/api/v1/", "token"), () => undefined);
  vi.stubGlobal("fetch", async (path: string, how: RequestInit) => {
    if (path.startsWith("/healthz")) return Response.json({ status: "ready" });
    const body = JSON.parse(how.body as string) as Asked["body"];
    asked.push({ path, body, headers: how.headers as Record<string, string>, credentials: how.credentials! });
    const failed = fails(asked.length);
    if (failed) return failed;
    const sent = [...(body.refusals ?? []), ...(body.incidents ?? []), ...(body.stamps ?? [])];
    return Response.json({ results: sent.map((item) => ({ id: item.id, outcome: "recorded", receipt: receiptOf(item as Item["body"]) })) });
  });
});

afterEach(() => vi.unstubAllGlobals());

function receiptOf(body: Item["body"]) {
  const page = "page" in body ? body.page : null;
  return { id: body.id, carnet: body.carnet, page, office: "KZHOR001", recorded_at: occurred_at, hash: HASH, sequence: 1, warnings: [] };
}

function made(): Item[] {
  const about = { carnet: "XZ99000001", occurred_at };
  const how = { state: "waiting", madeAt: NOW, clockOffset: null, office: "KZHOR001", role: "", wasOnline: false, tries: 0 } as const;
  const report = { kind: "other", description: "Cut.", seals_broken: [], seals_affixed: [], vehicles: [], photos: [] } as const;
  return [
    { ...how, kind: "stamp", body: { ...about, id: crypto.randomUUID(), page: 3 } },
    { ...how, kind: "incident", body: { ...about, ...report, id: crypto.randomUUID() } as never },
    { ...how, kind: "refusal", body: { ...about, id: crypto.randomUUID(), page: 3, reason: "other", text: "No lorry." } },
  ];
}

const files = (items: Item[]): UnsentFile[] => filesOf(items, { officer: "maker", device: null, now: NOW });

async function show(office: string, items: Item[]): Promise<void> {
  const { bytes, isPacked } = await pack(unsentDocument(office, files(items)));
  await showChain(await Chain.of(bytes, isPacked));
}

async function showChain(chain: Chain): Promise<void> {
  for (let index = 0; index < chain.count; index++) await desk.see(chain.frame(index));
}

function chosen(contents: unknown[]) {
  return contents.map((content, at) => ({ name: `file-${at}.json`, text: async () => JSON.stringify(content) }));
}

const named = () => desk.step.name;

describe("what a phone shows", () => {
  test("is on record only after a press, each kind under the maker's name, refusals and reports first", async () => {
    const items = made();
    await show("KZHOR001", items);
    expect([named(), asked.length]).toEqual(["look", 0]);

    await desk.handIn();

    expect(named()).toBe("done");
    expect(asked.map(({ path, body }) => [path, body.officer, body.format])).toEqual([
      ["/api/v1/unsent/", "maker", "tir-unsent-reports-1"],
      ["/api/v1/unsent/", "maker", "tir-unsent-reports-1"],
      ["/api/v1/unsent/", "maker", "tir-unsent-1"],
    ]);
    expect(desk.items.map(({ state, receipt }) => [state, receipt?.hash])).toEqual(Array.from({ length: 3 }, () => ["done", HASH]));
  });

  test("goes under the session of who sits there", async () => {
    await show("KZHOR001", made());
    await desk.handIn();

    expect(asked.map(({ headers, credentials }) => [headers["X-CSRFToken"], headers["Authorization"], credentials])).toEqual(
      Array.from({ length: 3 }, () => ["token", undefined, "same-origin"]),
    );
  });

  test("of another office is refused, also at a press that should not be there", async () => {
    await show("CNURC001", made());
    await desk.handIn();
    expect([desk.isOfThisOffice, asked.length]).toEqual([false, 0]);

    desk.begin();
    await show("KZHOR001", made());
    expect(desk.isOfThisOffice).toBe(true);
  });

  test("is read anew when it is an answer, or no hand-over", async () => {
    const { bytes, isPacked } = await pack(answerDocument("maker", made(), NOW));
    await showChain(await Chain.of(bytes, isPacked));
    expect([named(), desk.note?.key]).toEqual(["read", "read.answer"]);

    await showChain(await Chain.of(new TextEncoder().encode("{}"), false));
    expect([named(), desk.note?.key]).toEqual(["read", "read.nodocument"]);

    await show("KZHOR001", made());
    expect([named(), desk.note]).toEqual(["look", null]);
  });
});

describe("files", () => {
  test("of one phone are taken together, or none of them", async () => {
    const items = made();
    await desk.take(chosen([...files(items), { format: "tir-unsent-2" }]));
    expect([named(), desk.note]).toEqual(["read", { key: "read.notafile", facts: { name: "file-2.json" } }]);

    await desk.take(chosen(files(items)));
    await desk.handIn();
    expect(desk.items.length).toBe(3);
  });
});

describe("an answer", () => {
  async function told(): Promise<AnswerDocument> {
    await desk.showAnswer();
    const { chain } = desk.step as Extract<Step, { name: "show" }>;
    const { ChainReader } = await import("../src/handover/chain");
    const reader = new ChainReader();
    for (let index = 0; index < chain.count; index++) reader.see(chain.frame(index));
    const { bytes, isPacked } = (await reader.whole())!;
    return (await unpack(bytes, isPacked)) as AnswerDocument;
  }

  test("that does not come leaves the rest to be sent again, and is told as taken", async () => {
    const items = made();
    fails = (call) => (call === 3 ? new Response("", { status: 503, headers: { "Retry-After": "1" } }) : null);
    await show("KZHOR001", items);
    await desk.handIn();
    expect([desk.step, desk.items.filter(({ state }) => state === "waiting").map(({ kind }) => kind)]).toEqual([{ name: "done", sending: "unheard" }, ["stamp"]]);
    expect((await told()).results.map(({ outcome }) => outcome).sort()).toEqual(["recorded", "recorded", "taken"]);

    await desk.sendOn();
    const answer = await told();
    expect(answer.officer).toBe("desk");
    expect(answer.results.map(({ outcome, receipt }) => [outcome, receipt?.hash])).toEqual(Array.from({ length: 3 }, () => ["recorded", HASH]));
  });

  test.each([
    ["officer_unknown", "taken"],
    ["page_range", "rejected"],
  ])("%s is told the phone as %s", async (code, outcome) => {
    fails = () => Response.json({ code, detail: "No." }, { status: 422 });
    await desk.take(chosen(files(made().slice(0, 1))));
    await desk.handIn();

    expect(desk.items.map(({ state, problem }) => [state, problem?.code])).toEqual([["problem", code]]);
    expect((await told()).results.map((each) => each.outcome)).toEqual([outcome]);
  });

  test("of a session that has ended says so", async () => {
    fails = () => Response.json({ code: "not_authenticated" }, { status: 403 });
    await show("KZHOR001", made());
    await desk.handIn();

    expect(desk.step).toEqual({ name: "done", sending: "refused" });
  });

  test("is shown slower and faster up to an end, and is forgotten for the next phone", async () => {
    await show("KZHOR001", made());
    await desk.handIn();
    await desk.showAnswer();
    for (const by of [1, 1, 1] as const) desk.speed(by);
    desk.advance();
    desk.pause();
    desk.advance();
    expect(desk.step).toMatchObject({ perSecond: 8, index: 1, isPaused: true });

    desk.begin();
    expect([named(), desk.items]).toEqual(["read", []]);
  });
});

describe("its words", () => {
  const phones = { en: { ...en, ...PHRASES.en }, ru: { ...ru, ...PHRASES.ru }, zh: { ...zh, ...PHRASES.zh } };

  test.each(["en", "ru", "zh"] as const)("in %s call the phone's buttons as the phone does, and have the same facts", (language) => {
    const labels = Object.values(phones[language]);
    const quoted = Object.values(DESK_PHRASES[language]).flatMap((sentence) => [...sentence.matchAll(/[“«](.+?)[”»]/g)].map(([, name]) => name!));
    expect(quoted.length).toBeGreaterThan(4);
    expect(quoted.filter((name) => !labels.includes(name))).toEqual([]);
    const facts = (sentence: string) => [...sentence.matchAll(/\{\w+\}/g)].map(String).sort();
    for (const [key, sentence] of Object.entries(DESK_PHRASES[language])) expect([key, facts(sentence)]).toEqual([key, facts(DESK_PHRASES.en[key as "desk.how"])]);
  });

  test("are the hand-over's where it has them", () => {
    expect([phrase("look.leave"), phrase("out.next")]).toEqual(["Leave it", "Next phone"]);
  });
});
