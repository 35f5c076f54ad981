import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type App } from "../src/actions/action";
import { signIn } from "../src/actions/entry";
import { drawSignIn } from "../src/screens/entryScreens";
import { fresh } from "../src/state";
import { openDatabase } from "../src/store/database";
import { say, speak } from "../src/words/words";

const SIGNED = { token: "t0k3n", expires_at: "2026-12-01T00:00:00Z", user: { office: "KZHOR001" } };
const DEVICE = { id: "d1", token: "tirdev1", expires_at: "2027-01-01T00:00:00Z" };
let app: App;
let asked: { path: string; body: Record<string, unknown> }[];
let number = 0;

/** A server where the officer has an app whose code is 123456. */
async function answer(path: string, { body: text }: { body: string }): Promise<Response> {
  const body = JSON.parse(text) as Record<string, unknown>;
  asked.push({ path, body });
  if (path.endsWith("devices/")) return Response.json(DEVICE, { status: 201 });
  if (path.endsWith("logout/")) return new Response(null, { status: 204 });
  if (body.password !== "secret") return Response.json({ code: "not_signed_in", detail: "Wrong." }, { status: 401 });
  if (body.otp === "123456") return Response.json(SIGNED);
  return Response.json({ code: "second_factor_required", detail: "This code is not right." }, { status: 401 });
}

/** Every text of a template that lit would draw, also of those within it. */
function drawn(part: unknown): string {
  if (Array.isArray(part)) return part.map(drawn).join("");
  if (typeof part === "string") return part;
  const { strings = [], values = [] } = (part ?? {}) as { strings?: string[]; values?: unknown[] };
  return [...strings, ...values.map(drawn)].join(" ");
}

const asksForCode = () => drawn(drawSignIn(app.state, () => undefined)).includes('name="code"');
const tokensAsked = () => asked.filter(({ path }) => path.endsWith("auth/token/")).map(({ body }) => body);

beforeEach(async () => {
  asked = [];
  vi.stubGlobal("fetch", answer);
  vi.stubGlobal("document", { documentElement: {} });
  app = { state: fresh(0), database: await openDatabase(`signing-${number++}`), draw: () => undefined };
});

afterEach(async () => {
  vi.unstubAllGlobals();
  await speak("en");
});

describe("an officer with a second factor", () => {
  test("is asked for the code after the password, and enrols the phone with it", async () => {
    expect(asksForCode()).toBe(false);
    await signIn("officer", "secret", "")(app);
    expect(app.state.notice).toBe(say("signin.code.why"));
    expect(asksForCode()).toBe(true);

    await signIn("officer", "secret", "", "123456")(app);

    expect(tokensAsked()).toEqual([
      { username: "officer", password: "secret" },
      { username: "officer", password: "secret", otp: "123456" },
    ]);
    expect(app.state.screen).toBe("pin-choose");
    expect(app.state.entry.pending).toEqual({ token: "tirdev1", expiresAt: DEVICE.expires_at, device: "d1" });
    expect(app.state.entry.asksCode).toBe(false);
  });

  test("is told in the server's words that a code is wrong, and asked again", async () => {
    await signIn("officer", "secret", "")(app);
    await signIn("officer", "secret", "", "000000")(app);

    expect(app.state.notice).toBe("This code is not right.");
    expect(asksForCode()).toBe(true);
    expect(app.state.screen).toBe("signin");
  });

  test("learns nothing of the factor by a wrong password", async () => {
    await signIn("officer", "guess", "")(app);

    expect(app.state.notice).toBe("Wrong.");
    expect(asksForCode()).toBe(false);
  });

  test.each(["ru", "zh"] as const)("is asked in %s", async (language) => {
    const english = say("signin.code");
    await speak(language);
    await signIn("officer", "secret", "")(app);

    expect(say("signin.code")).not.toBe(english);
    expect(drawn(drawSignIn(app.state, () => undefined))).toContain(say("signin.code"));
  });
});
