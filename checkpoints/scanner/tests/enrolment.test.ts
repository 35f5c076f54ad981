import "fake-indexeddb/auto";
import { beforeEach, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../src/store/database";
import { SealedStore } from "../src/store/sealedStore";
import { changePin, enrol, readEnrolment, unlockWithPin, waitAfter } from "../src/store/enrolment";

const NOW = Date.parse("2026-03-02T06:00:00Z");
const SESSION = { token: "t0k3n", expiresAt: "2026-03-09T06:00:00Z", device: null };
let database: Database;
let number = 0;

beforeEach(async () => {
  database = await openDatabase(`enrolment-${number++}`);
  const vault = await enrol(database, { username: "officer", office: "KZHOR001", pin: "246810", password: "secret" });
  await new SealedStore(database, vault).write("session", SESSION);
});

describe("an enrolled phone", () => {
  test("opens with its PIN and with no other", async () => {
    const right = await unlockWithPin(database, "246810", NOW);
    const wrong = await unlockWithPin(database, "246811", NOW);

    expect("vault" in right && (await new SealedStore(database, right.vault).read("session"))).toEqual(SESSION);
    expect("wrong" in wrong).toBe(true);
  });

  test("makes one wait after three wrong PINs, also for the right one, also after a restart", async () => {
    for (let times = 0; times < 3; times++) await unlockWithPin(database, "000000", NOW);

    expect(await unlockWithPin(database, "246810", NOW + 14_999)).toEqual({ wrong: true, waitUntil: NOW + 15_000 });
    expect(await unlockWithPin(database, "246810", NOW + 15_000)).toHaveProperty("vault");
    expect((await readEnrolment(database))!.wrongPins).toBe(0);
  });

  test("waits twice as long each time, up to a quarter of an hour", () => {
    expect([1, 2, 3, 4, 5, 9, 40].map(waitAfter)).toEqual([0, 0, 15_000, 30_000, 60_000, 900_000, 900_000]);
  });

  test("takes a new PIN with the password when the old one is forgotten, and keeps what it holds", async () => {
    await changePin(database, { password: "secret" }, "111222");
    const unlocked = await unlockWithPin(database, "111222", NOW);

    expect("vault" in unlocked && (await new SealedStore(database, unlocked.vault).read("session"))).toEqual(SESSION);
    expect(await unlockWithPin(database, "246810", NOW)).toHaveProperty("wrong");
    await expect(changePin(database, { password: "guess" }, "333444")).rejects.toThrow();
  });
});
