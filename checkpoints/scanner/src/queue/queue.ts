// The queue: written to the phone's database before anything is said to be done, and sent when the network allows.

import type { Database, ItemState, SealedItem } from "../store/database";
import type { Vault } from "../store/vault";
import type { Deed, Item } from "./items";

export const SHIFT = 12 * 3_600_000;

export interface Counts {
  waiting: number;
  problem: number;
}

/** How much is unsent; a locked phone can tell. */
export async function countUnsent(database: Database): Promise<Counts> {
  const [waiting, problem] = await Promise.all([
    database.countFromIndex("queue", "state", "waiting"),
    database.countFromIndex("queue", "state", "problem"),
  ]);
  return { waiting, problem };
}

export class Queue {
  /** What was opened once need not be opened again while its row is the same. */
  private readonly opened = new Map<string, { iv: string; item: Item }>();

  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  /** Resolves only when the item is on the disk. */
  async add(
    deed: Deed,
    how: Pick<Item, "office" | "role" | "wasOnline" | "madeAt" | "clockOffset">,
  ): Promise<Item> {
    const item: Item = { ...deed, ...how, state: "waiting", tries: 0 };
    await this.save([item]);
    return item;
  }

  async save(items: Item[]): Promise<void> {
    const rows: SealedItem[] = await Promise.all(
      items.map(async (item) => ({
        ...(await this.vault.seal(item)),
        id: item.body.id,
        state: item.state,
        madeAt: item.madeAt,
      })),
    );
    const writing = this.database.transaction("queue", "readwrite", { durability: "strict" });
    await Promise.all([...rows.map((row) => writing.store.put(row)), writing.done]);
  }

  /** Oldest first. */
  async all(state?: ItemState): Promise<Item[]> {
    const rows = state
      ? await this.database.getAllFromIndex("queue", "state", state)
      : await this.database.getAll("queue");
    rows.sort((one, other) => one.madeAt - other.madeAt);
    return Promise.all(rows.map((row) => this.open(row)));
  }

  private async open(row: SealedItem): Promise<Item> {
    const iv = String(row.iv);
    const known = this.opened.get(row.id);
    if (known?.iv === iv) return known.item;
    const item = await this.vault.open<Item>(row);
    this.opened.set(row.id, { iv, item });
    return item;
  }

  counts(): Promise<Counts> {
    return countUnsent(this.database);
  }

  async remove(ids: string[]): Promise<void> {
    const writing = this.database.transaction("queue", "readwrite", { durability: "strict" });
    await Promise.all([...ids.map((id) => writing.store.delete(id)), writing.done]);
  }

  /** Only the last shift stays on the phone, and whatever is unsent stays until it is sent. What was taken over stays a
   * shift from then on, however old it is: its receipts go back to whoever made it. */
  async forgetOldShifts(now: number): Promise<void> {
    const rows = (await this.database.getAllFromIndex("queue", "state", "done")).filter(({ madeAt }) => madeAt < now - SHIFT);
    const items = await Promise.all(rows.map((row) => this.open(row)));
    await this.remove(items.filter(({ maker }) => !maker || maker.takenAt < now - SHIFT).map(({ body }) => body.id));
  }
}
