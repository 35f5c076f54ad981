// Putting a deed on the phone, saying so, then sending it.

import type { Role } from "../judging/held";
import type { Deed } from "../queue/items";
import type { Lorry } from "../state";
import { type App, busy, changeLorryOf, show } from "./action";

type After = () => Partial<Lorry>;

/** Record what was done to the carnet on the screen; `after` says what else is known of the lorry then. */
export async function record(app: App, deed: Deed, after?: After): Promise<void> {
  const { screenful } = app.state.lorry;
  await recordAs(app, deed, { role: screenful?.role ?? "", wasOnline: screenful?.source === "server" }, after);
}

/** `wasOnline`: the server has judged the carnet a moment ago. */
export async function recordAs(
  app: App,
  deed: Deed,
  how: { role: Role | ""; wasOnline: boolean },
  after: After = () => ({}),
): Promise<void> {
  const { phone, isBusy, lorry } = app.state;
  if (!phone || isBusy) return;
  await busy(app, async () => {
    const done = await phone.record(deed, { ...how, now: Date.now() });
    if (!changeLorryOf(app, lorry.visit, () => ({ ...after(), done }))) return;
    show(app, "done");
    performance.mark("stamp-kept");
  });
  await syncSoon(app);
}

export async function syncSoon({ state }: App): Promise<void> {
  const heard = await state.phone?.sync();
  if (!heard && state.unsent.waiting > 0) await askForBackgroundSync();
}

/** Where the browser has it, it wakes the app when the network returns. */
async function askForBackgroundSync(): Promise<void> {
  try {
    const registration = await navigator.serviceWorker?.ready;
    await (registration as { sync?: { register(tag: string): Promise<void> } })?.sync?.register("unsent");
  } catch {
    // not on this browser: the app tries by itself while it is open
  }
}
