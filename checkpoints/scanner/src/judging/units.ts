// Which vehicles and containers should be there: joined, set down, replaced (carnets/projection/units.py).

import type { Certification, Event } from "./evidence";
import type { Unit } from "./held";
import { mayChange } from "./plan";
import { commonForm, commonForms } from "./spelling";

/** The units that travel, by common form; `excused` many may be missing because a report named others instead. */
export interface Train {
  units: Map<string, Unit>;
  excused: number;
}

export function trainOf(units: readonly Unit[]): Train {
  return { units: new Map(units.map((unit) => [unit.name, unit])), excused: 0 };
}

type Stated = Pick<Certification, "vehicles" | "containers">;

const isSilent = ({ vehicles, containers }: Stated): boolean => vehicles === null && containers === null;
const isContainer = ({ kind }: Unit): boolean => kind === "container";

function stated(said: Stated): Set<string> {
  return new Set([...commonForms(said.vehicles), ...commonForms(said.containers)]);
}

const NONE: ReadonlySet<string> = new Set();

/** The units that should be among those stated and are not; a list of plates says nothing about containers. A container whose
 * goods are not loaded yet (`notAboard`) may be missing. */
export function missing(train: Train, said: Stated, notAboard = NONE): string[] {
  if (isSilent(said)) return [];
  const present = stated(said);
  const absent = asked(train, said).filter(
    (unit) => !present.has(unit.name) && !(isContainer(unit) && notAboard.has(unit.name)),
  );
  const isSealedHere = [...train.units.values()].some((unit) => present.has(unit.name) && !mayChange(unit));
  const counted = absent.filter((unit) => !(mayChange(unit) && (isSealedHere || isTractorAlone(train))));
  return counted
    .slice(train.excused)
    .map(({ name }) => name)
    .sort();
}

/** The units about which the officer's lists speak. */
function asked(train: Train, said: Stated): Unit[] {
  return [...train.units.values()].filter(
    (unit) => (isContainer(unit) ? said.containers : said.vehicles) !== null && !isChassis(unit, train, said),
  );
}

/** A trailer under a container that is stated, and there may be another one: the container is the sealed unit. */
function isChassis(unit: Unit, train: Train, said: Stated): boolean {
  const present = commonForms(said.containers);
  const carries = [...train.units.values()].filter(isContainer);
  return unit.kind === "trailer" && carries.length > 0 && carries.every(({ name }) => present.has(name));
}

/** Whether nothing but tractors is on the carnet beside containers. */
function isTractorAlone(train: Train): boolean {
  return [...train.units.values()].every((unit) => mayChange(unit) || isContainer(unit));
}

/** Move the train past a stamp: what is missing once is not missed again, and after an unload a unit may be gone. */
export function passStamp(train: Train, said: Certification, isAfterUnload: boolean, notAboard = NONE): void {
  if (isSilent(said)) return;
  const gone = new Set(missing(train, said, notAboard));
  if (said.vehicles !== null && train.excused > 0) {
    const present = commonForms(said.vehicles);
    for (const [name, unit] of train.units) if (!isContainer(unit) && !present.has(name)) gone.add(name);
    train.excused = 0;
  }
  if (isAfterUnload) {
    const present = stated(said);
    for (const { name } of asked(train, said)) if (!present.has(name)) gone.add(name);
  }
  setDown(train, gone);
}

/** Units whose goods were all unloaded need not go on. */
export function setDown(train: Train, names: Iterable<string>): void {
  for (const name of names) train.units.delete(name);
}

/** A report names the vehicles that go on: they join, and as many others may be missing. */
export function passEvent(train: Train, event: Event): void {
  for (const name of event.vehicles.map(commonForm)) {
    if (train.units.has(name)) continue;
    train.units.set(name, { name, kind: "trailer" });
    train.excused += 1;
  }
}
