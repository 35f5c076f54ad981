// What the server says instead of an answer is shown in its own words with the time to try again, in each language, and "no
// answer" is said only where none came.

import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { signIn } from "../src/actions/entry";
import { sendNow } from "../src/actions/queue";
import { readCode } from "../src/actions/scanController";
import { syncNow } from "../src/actions/settings";
import { Api, Failed, NotNow } from "../src/api";
import { steadyClock } from "../src/steadyClock";
import { isSaid, sayTrouble } from "../src/trouble";
import { speak } from "../src/words/words";
import { appAtHorgos, NOW, type TestApp } from "./horgos";

const SENTENCE = "Too many wrong passwords came from your network. Wait a quarter of an hour.";
const NO_ANSWER = ["No answer", "Нет ответа", "No network", "Нет сети"];
let app: TestApp;

function answerWith(status: number, body: unknown, headers: Record<string, string> = {}): void {
  vi.stubGlobal("fetch", async () => Response.json(body, { status, headers }));
}

beforeEach(async () => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date", "performance"] });
  vi.stubGlobal("navigator", { onLine: true });
  steadyClock.look(); // it began before the clock was set for this test
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
  app = await appAtHorgos();
  app.state.enrolment = undefined;
});

afterEach(async () => {
  await speak("en");
  app.state.phone?.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("a sign-in", () => {
  test.each([
    ["en", /Try again at .*:15/u],
    ["ru", /Повторите после .*:15/u],
    ["zh", /请在.*:15之后重试/u],
  ] as const)("that came too often is told why and when to try again, in %s", async (language, when) => {
    await speak(language);
    answerWith(429, { code: "too_many_attempts", detail: SENTENCE }, { "Retry-After": "900" });
    await app.send(signIn("officer", "wrong", ""));

    expect(app.state.notice).toContain(SENTENCE);
    expect(app.state.notice).toMatch(when);
  });

  test.each([
    [503, { "Retry-After": "2" }],
    [503, {}],
    [422, {}],
    [401, {}],
  ] as const)("answered %d %j shows the sentence of the server", async (status, headers) => {
    answerWith(status, { code: "some_code", detail: "Said by the server." }, headers);
    await app.send(signIn("officer", "secret", ""));

    expect(app.state.notice).toContain("Said by the server.");
  });

  test("answered by a proxy without a word says that the server is there", async () => {
    vi.stubGlobal("fetch", async () => new Response("<html>", { status: 502 }));
    await app.send(signIn("officer", "secret", ""));

    expect(app.state.notice).toContain("status 502");
  });

  test("that nothing answers says so", async () => {
    await app.send(signIn("officer", "secret", ""));

    expect(app.state.notice).toMatch(/^No answer from the server/u);
  });
});

describe.each([
  ["sending", sendNow],
  ["syncing", syncNow],
])("%s", (_name, action) => {
  test.each([429, 503])("answered %d shows the server's sentence, and no word of a missing network", async (status) => {
    answerWith(status, { code: "too_many_requests", detail: "Too much at once." }, { "Retry-After": "60" });
    await vi.waitUntil(() => !app.state.phone!.isSending);
    (app.state.phone as unknown as { failures: number }).failures = 0;
    await app.send(action);

    expect(app.state.notice).toContain("Too much at once. Try again at");
    for (const words of NO_ANSWER) expect(app.state.notice).not.toContain(words);
    expect(app.state.phone!.isHeard).toBe(true);
  });

  test("without a network says that", async () => {
    await vi.waitUntil(() => !app.state.phone!.isSending);
    await app.send(action);

    expect(app.state.notice).toMatch(/^No network/u);
  });
});

describe("a scan", () => {
  test("that the server puts off shows the phone's verdict, and what the server said", async () => {
    answerWith(429, { code: "too_many_requests", detail: "Too much at once." }, { "Retry-After": "60" });
    await app.send(readCode("not a voucher's code"));

    expect(app.state.lorry.screenful?.source).toBe("phone");
    expect(app.state.lorry.serverSaid).toContain("Too much at once. Try again at");
  });

  test("without a network says nothing for the server", async () => {
    await app.send(readCode("not a voucher's code"));

    expect(app.state.lorry.screenful?.source).toBe("phone");
    expect(app.state.lorry.serverSaid).toBe("");
  });
});

describe("what is said", () => {
  test("without a sentence of the server's is ours", () => {
    expect(sayTrouble(new NotNow("x", null, null), "signin.offline")).toBe("The server is busy.");
    expect(isSaid(new Failed("x", 500))).toBe(true);
    expect(isSaid(null)).toBe(false);
  });

  test("is forgotten with the next answer", async () => {
    const api = new Api("token", () => "en");
    answerWith(429, { code: "too_many_requests", detail: "Too much at once." });
    await expect(api.get("post/bundle/")).rejects.toThrow(NotNow);
    expect(isSaid(api.trouble)).toBe(true);
    answerWith(200, {});
    await api.get("post/bundle/");
    expect(api.trouble).toBe(null);
  });
});
