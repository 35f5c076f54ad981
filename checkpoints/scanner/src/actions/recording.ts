// Putting a deed on the phone, saying so, then sending it.

import type { Role } from "../judging/held";
import type { Deed, Item } from "../queue/items";
import { StoreFull } from "../queue/queue";
import type { Lorry } from "../state";
import { type App, busy, changeLorryOf, show, tell } from "./action";
import { lookAtClock } from "./opening";

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
  lookAtClock(app);
  app.state.notice = "";
  await busy(app, async () => {
    const done = await written(app, () => phone.record(deed, { ...how, now: Date.now() }));
    if (!done || !changeLorryOf(app, lorry.visit, () => ({ ...after(), done }))) return;
    show(app, "done");
    performance.mark("stamp-kept");
  });
  await syncSoon(app);
}

/** A store without room has taken nothing, and that is said; what waits can still be sent. */
async function written(app: App, write: () => Promise<Item>): Promise<Item | null> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof StoreFull)) throw error;
    tell(app, "keep.full");
    return null;
  }
}

export async function syncSoon({ state }: App): Promise<void> {
  await state.phone?.sync();
}
