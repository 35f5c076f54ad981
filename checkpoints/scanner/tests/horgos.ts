// A phone at Horgos that holds what the judged cases hold, and the app around it, without a screen.

import { vi } from "vitest";
import type { Action, App } from "../src/actions/action";
import { openPhone } from "../src/actions/opening";
import type { Carnet, Stamp } from "../src/judging/held";
import { type Events, Phone } from "../src/phone";
import { fresh } from "../src/state";
import { openDatabase } from "../src/store/database";
import { type Bundle, SealedStore } from "../src/store/sealedStore";
import { makeKey, type Vault } from "../src/store/vault";
import { judged } from "./judged";

export const NOW = Date.parse("2026-03-07T06:00:00Z");
export const SESSION = { token: "t0k3n", expiresAt: "2026-03-14T06:00:00Z", device: null };
export const OTHER = "XP99000002";
const LEAVING = "UX99000005";
let number = 0;

/** A carnet that stands before Horgos in good order, at its entry. */
export function carnet(): Carnet {
  const held = judged.cases.find((each) => each.office === "KZHOR001" && each.expect.verdict === "go" && each.page === 3);
  return held!.carnet!;
}

/** The same lorry the other way round the country: entered at Horgos, and about to leave there. */
export function leaving(): Carnet {
  const [entered, office] = [carnet(), "KZHOR001"];
  const seals = { intact: true, found: ["A-10023", "A-10024"] };
  const legs = entered.plan.legs.map((leg, index) => (index === 1 ? { ...leg, end: { ...leg.end, office } } : leg));
  const at = new Date(NOW - 3_600_000).toISOString();
  const how = { occurred_at: at, recorded_at: at, made: "online", vouched: true } as const;
  const entry: Stamp = { id: crypto.randomUUID(), page: 3, office, seals, ...how };
  return { ...entered, number: LEAVING, plan: { ...entered.plan, legs }, stamps: [...entered.stamps, entry] };
}

function bundle(): Bundle {
  const office = judged.offices.find(({ code }) => code === "KZHOR001")!;
  return {
    ...judged,
    as_of: judged.stop_list.as_of,
    office: { ...office, name: { en: "Horgos", ru: "Хоргос", zh: "霍尔果斯" }, time_zone: "Asia/Almaty" },
    officer: { username: "officer" },
    has_guarantor: true,
    excluding: ["KG", "KZ"],
    reasons: { refusal: [], incident: [] },
  };
}

async function fillStore(store: SealedStore): Promise<void> {
  await store.write("session", SESSION);
  await store.write("bundle", { bundle: bundle(), etag: "", syncedAt: NOW });
  await store.write("carnets", { carnets: [carnet(), { ...carnet(), number: OTHER }, leaving()], etag: "" });
}

export async function phoneAtHorgos(events: Partial<Events> = {}): Promise<Phone> {
  const { vault } = await makeKey(["246810"], 1000);
  const phone = new Phone(await openDatabase(`phone-${number++}`), vault, {
    changed: () => undefined,
    refused: () => undefined,
    ...events,
  });
  await fillStore(phone.store);
  await phone.open(NOW);
  return phone;
}

/** The app as it is after the PIN was entered; `send` waits until the action is over. */
export interface TestApp extends App {
  send(...actions: Action[]): Promise<void>;
  vault: Vault;
}

export async function appAtHorgos(): Promise<TestApp> {
  const database = await openDatabase(`app-${number++}`);
  const { vault } = await makeKey(["246810"], 1000);
  await fillStore(new SealedStore(database, vault));
  const app: TestApp = {
    state: fresh(Date.now()),
    database,
    vault,
    draw: () => undefined,
    async send(...actions) {
      for (const action of actions) await action(app);
    },
  };
  await openPhone(app, vault);
  return app;
}

/** What a finger takes before it taps again. */
export async function later(milliseconds = 400): Promise<void> {
  vi.advanceTimersByTime(milliseconds);
}
