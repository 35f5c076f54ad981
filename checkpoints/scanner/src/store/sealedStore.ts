// Sealed values by name: the session, the bundle, the carnets held.

import type { Carnet, Names, Office, Registers, Role } from "../judging/held";
import type { IncidentKind, RefusalReason } from "../judging/generated";
import type { SaidLog, SeenLog } from "../log/witness";
import type { ClockReading } from "../serverClock";
import type { Installation } from "../token/token";
import type { Database } from "./database";
import type { Vault } from "./vault";

export interface Session {
  token: string;
  expiresAt: string;
  device: string | null;
}

/** What the server that a bundle came from is for. */
export function installationOf(bundle: Bundle): Installation {
  return bundle.installation ?? (bundle.sandbox ? "demo" : "real");
}

/** GET /api/v1/post/bundle/ */
export interface Bundle extends Registers {
  as_of: string;
  /** Nothing that is done here is real. */
  sandbox?: boolean;
  /** What the server is for; absent from servers of before, which knew `sandbox` alone. */
  installation?: Installation;
  office: { code: string; country: string; territory: string; name: Names; roles: Role[]; time_zone: string };
  officer: { username: string };
  keys: { keys: JsonWebKey[] };
  /** The server's log of everything on record; absent from servers of before, null before it has begun. */
  log?: SaidLog | null;
  offices: Office[];
  reasons: { refusal: NamedCode<RefusalReason>[]; incident: NamedCode<IncidentKind>[] };
}

export interface NamedCode<Code extends string = string> {
  code: Code;
  name: Names;
}

interface Values {
  session: Session;
  bundle: { bundle: Bundle; etag: string; syncedAt: number | null };
  carnets: { carnets: Carnet[]; etag: string };
  clock: ClockReading;
  log: SeenLog;
}

export class SealedStore {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  async read<Name extends keyof Values>(name: Name): Promise<Values[Name] | null> {
    const sealed = await this.database.get("sealed", name);
    return sealed ? this.vault.open<Values[Name]>(sealed) : null;
  }

  async write<Name extends keyof Values>(name: Name, value: Values[Name]): Promise<void> {
    await this.database.put("sealed", await this.vault.seal(value), name);
  }
}
