// What a desk holds of a phone: as long as the page is open, and never on its disk. The phone keeps it all.

import type { Item } from "../queue/items";
import type { KeptItems } from "../queue/queue";

export class Memory implements KeptItems {
  private readonly items = new Map<string, Item>();

  async all(state?: Item["state"]): Promise<Item[]> {
    return this.now().filter((item) => state === undefined || item.state === state);
  }

  async save(items: Item[]): Promise<void> {
    for (const item of items) this.items.set(item.body.id, item);
  }

  /** In the order in which they came. */
  now(): Item[] {
    return [...this.items.values()];
  }
}
