// Which certification stands on each page, whatever order they arrived in (carnets/projection/standing.py).

import { byTime, type Certification } from "./evidence";
import { operationOf, otherPage, startPage, terminationPage } from "./vouchers";

export type Pair = readonly [Certification | null, Certification | null];
const NOBODY: Pair = [null, null];

export class Standing {
  /** The pairs with any evidence, in the order of their pages. */
  readonly used: readonly number[];

  constructor(readonly byPage: ReadonlyMap<number, Certification>) {
    this.used = [...new Set([...byPage.keys()].map(operationOf))].sort((one, other) => one - other);
  }

  on(page: number): Certification | null {
    return this.byPage.get(page) ?? null;
  }

  /** What stands on voucher No. 1 and No. 2. */
  pair(sequence: number): Pair {
    if (!this.used.includes(sequence)) return NOBODY;
    return [this.on(startPage(sequence)), this.on(terminationPage(sequence))];
  }

  /** What stands on the other page of the pair. */
  otherSide(page: number): Certification | null {
    return this.on(otherPage(page));
  }
}

/** Of several stamps on one page the earliest stands; one that was cancelled by its own office does not count at all. */
export function standingCertifications(certifications: readonly Certification[]): Standing {
  const known = new Map(certifications.map((each) => [each.id, each]));
  const gone = cancelled(known);
  const standing = new Map<number, Certification>();
  for (const each of [...known.values()].sort(byTime)) {
    if (each.cancels === null && !gone.has(each.id) && !standing.has(each.page)) standing.set(each.page, each);
  }
  return new Standing(standing);
}

function cancelled(known: ReadonlyMap<string, Certification>): Set<string> {
  const targets = [...known.values()].flatMap((each) =>
    each.cancels !== null && mayCancel(each, known.get(each.cancels)) ? [each.cancels] : [],
  );
  return new Set(targets);
}

/** Only the office that stamped a page takes its stamp back. */
function mayCancel(cancelling: Certification, target: Certification | undefined): boolean {
  return (
    target !== undefined &&
    target.cancels === null &&
    target.page === cancelling.page &&
    target.office.code === cancelling.office.code
  );
}
