// One carnet with its evidence and what that adds up to, opened to judge (checkpoints/evidence/dockets.py).

import type { Alignment } from "./alignment";
import { type Certification, certificationOf, type Event, eventOf, officeFinder } from "./evidence";
import { type OperationFacts, type Projection, projectionOf } from "./facts";
import type { Carnet, Registers, Stamp } from "./held";
import { type Plan, planOf } from "./plan";
import { standingCertifications } from "./standing";

export class Docket {
  readonly plan: Plan;
  private readonly certifications: Certification[];
  private readonly proofs: Certification[];
  private readonly events: Event[];
  private readonly refused: ReadonlySet<number>;
  private readonly projected = new Map<string, Projection>();

  constructor(
    readonly carnet: Carnet,
    registers: Registers,
  ) {
    const officeOf = officeFinder(registers.offices);
    const read = (stamps: Stamp[], isProof: boolean) => stamps.map((each) => certificationOf(each, officeOf, isProof));
    this.plan = planOf(carnet, registers);
    this.certifications = read(carnet.stamps, false);
    this.proofs = read(carnet.proofs, true);
    this.events = carnet.events.map(eventOf);
    this.refused = new Set(carnet.refused);
  }

  /** What the evidence says, with one more certification if given; worked out once for each. */
  projectionWith(more?: Certification): Projection {
    const key = more?.id ?? "";
    const known =
      this.projected.get(key) ??
      projectionOf(this.plan, this.all(more), this.events, this.refused, this.carnet.pairs);
    this.projected.set(key, known);
    return known;
  }

  /** Stamps, and accepted proofs where no stamp stands. */
  private all(more?: Certification): Certification[] {
    const stamps = more ? [...this.certifications, more] : this.certifications;
    if (this.proofs.length === 0) return stamps;
    const { byPage } = standingCertifications(stamps);
    const proofs = this.proofs.filter(({ page }) => !byPage.has(page));
    return [...stamps, ...proofs.map((proof) => placed(proof, [...byPage.values()]))];
  }

  get alignment(): Alignment {
    return this.projectionWith().alignment;
  }

  get facts(): OperationFacts[] {
    return this.projectionWith().facts;
  }

  /** The seals the next office should find; null while none were recorded. */
  get seals(): string[] | null {
    return this.projectionWith().seals;
  }
}

/** An accepted proof at an instant: a paper proves that it had happened by its day, so it lies before what was stamped on later
 * pages, and not before what was stamped on earlier ones. */
function placed(proof: Certification, stamped: readonly Certification[]): Certification {
  const earlier = stamped.filter(({ page }) => page < proof.page).map(({ at }) => at);
  const earliest = Math.max(-Infinity, ...earlier);
  const later = stamped.filter(({ page, at }) => page > proof.page && at >= earliest).map(({ at }) => at);
  return { ...proof, at: Math.min(proof.at, ...later) };
}
