// This shift: sending, resolving what the server did not take, files, and taking a stamp back.

import { takeBackDeed } from "../forms";
import type { Decision, Item, StampItem } from "../queue/items";
import { StoreFull } from "../queue/queue";
import { type Action, type App, arm, beginLorry, changeLorry, show, tell, tellTrouble } from "./action";
import { recordAs, syncSoon } from "./recording";

const KEEP_THE_LINK = 60_000;

export async function showQueue(app: App): Promise<void> {
  await readItems(app);
  show(app, "queue");
}

/** All that is known of one item. */
export function showItem(id: string): Action {
  return async (app) => {
    await readItems(app);
    app.state.openItem = id;
    show(app, "item");
  };
}

async function readItems({ state }: App): Promise<void> {
  state.items = (await state.phone?.queue.all()) ?? [];
}

export async function sendNow(app: App): Promise<void> {
  app.state.notice = "";
  const { phone } = app.state;
  if (!(await phone?.sync())) tellTrouble(app, phone?.trouble ?? null);
}

// --- resolving

export function resolve(item: Item, changes: Partial<Item>): Action {
  return async (app) => {
    const resolved = { ...item, ...changes } as Item;
    await app.state.phone?.queue.save([resolved]);
    await app.state.phone?.recount();
    if (resolved.state === "waiting") await syncSoon(app);
  };
}

/** The item stays in the list, with whose decision it was. */
export function decide(item: Item, kind: Decision["kind"]): Action {
  return (app) => {
    const decision = { kind, by: app.state.enrolment?.username ?? "", at: Date.now() };
    return resolve(item, { state: "done", decision })(app);
  };
}

/** At the second tap. */
export function withdraw(item: Item): Action {
  return (app) => {
    if (app.state.armed !== item.body.id) return arm(app, item.body.id);
    app.state.armed = "";
    return decide(item, "withdrawn")(app);
  };
}

// --- files

/** Their code is no part of the first load: it comes when it is first needed, from the phone itself. */
async function unsentFiles(app: App): Promise<typeof import("../queue/file") | null> {
  try {
    return await import("../queue/file");
  } catch {
    tell(app, "queue.unheard"); // the app is not on the phone whole, and the network is away
    return null;
  }
}

export async function saveFiles(app: App): Promise<void> {
  const { phone, enrolment } = app.state;
  const files = await unsentFiles(app);
  if (!phone || !enrolment || !files) return;
  const by = { officer: enrolment.username, device: phone.session?.device ?? null, now: Date.now(), ...phone.installed };
  for (const file of await files.exportUnsent(phone.queue, by)) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: "application/json" }));
    link.download = `${file.format}-${file.officer}-${file.exported_at.slice(0, 16).replace(/:/g, "")}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), KEEP_THE_LINK);
  }
}

export function readFile(file: File): Action {
  return async (app) => {
    const { phone } = app.state;
    const files = await unsentFiles(app);
    if (!phone || !files) return;
    const here = { office: phone.bundle?.office.code ?? "", now: Date.now(), ...phone.installed };
    try {
      const n = await files.importUnsent(phone.queue, await file.text(), here);
      await phone.recount();
      tell(app, "queue.imported", { n });
    } catch (error) {
      const isOthers = error instanceof files.OfAnotherInstallation;
      tell(app, isOthers ? "queue.otherinstallation" : error instanceof StoreFull ? "keep.full" : "queue.notafile");
    }
  };
}

// --- taking back

/** The stamp to be taken back may be another lorry's than the one that was on the screen. */
export function beginTakeBack(stamp: StampItem): Action {
  return (app) => {
    beginLorry(app, { takingBack: { stamp, reason: "" } });
    show(app, "takeback");
  };
}

export function giveReason(reason: string): Action {
  return (app) => {
    const { takingBack } = app.state.lorry;
    if (takingBack) changeLorry(app, { takingBack: { ...takingBack, reason } });
  };
}

export async function takeBack(app: App): Promise<void> {
  const { takingBack } = app.state.lorry;
  if (!takingBack) return;
  const { stamp, reason } = takingBack;
  // The server knows the stamp, or does not yet: then both travel together, as made offline.
  const wasOnline = stamp.state === "done" && (app.state.phone?.isHeard ?? false);
  await recordAs(app, takeBackDeed(stamp, reason.trim(), Date.now()), { role: stamp.role, wasOnline });
}
