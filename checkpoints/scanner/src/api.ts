// The server's API as the phone calls it. Nothing here is kept by the service worker.

import type { Problem } from "./queue/items";

const PATIENCE = 20_000;
const PATIENCE_FOR_A_PING = 5_000;
const PING = "/healthz/ready";

/** No answer: no network, a server that is down, or one that asks to come again later. */
export class Unheard extends Error {}

/** The server is there and takes nothing now: too many wrong passwords, too much at once, or a moment of its own. `until` is
 * when it will, by this phone's clock; null where it does not say. */
export class NotNow extends Unheard {
  constructor(
    path: string,
    readonly problem: Problem | null,
    readonly until: number | null,
  ) {
    super(path);
  }
}

/** An answer that says nothing of what was sent: the server's own fault, or a page of something that stands between. */
export class Failed extends Unheard {
  constructor(
    path: string,
    readonly status: number,
    readonly problem: Problem | null = null,
  ) {
    super(path);
  }
}

/** The token is no longer good: it ran out, or the device was revoked. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }
}

export type Answer<Body> = { body: Body; status: number; etag: string; problem?: never } | { problem: Problem; status: number };

/** Why the last question to the server brought nothing. */
export type Trouble = Unheard | Problem;

const ENROLMENT = "devices/";
const COME_AGAIN = new Set([408, 425, 429]);

export class Api {
  /** Why what was asked last brought nothing; null when it did. */
  trouble: Trouble | null = null;

  constructor(
    private readonly token: string | null,
    private readonly language: () => string,
    /** Told what the server's clock said, and after how many milliseconds. */
    private readonly heardDate: (date: string | null, took: number) => void = () => undefined,
    private readonly base = "/api/v1/",
    /** The token of a page's form, where the caller is signed in there and sends no token of a device. */
    private readonly formToken: string | null = null,
  ) {}

  get<Body>(path: string, etag = "", patience = PATIENCE): Promise<Answer<Body>> {
    return this.noting(this.ask<Body>(path, { headers: etag ? { "If-None-Match": etag } : {} }, patience));
  }

  post<Body>(path: string, body: unknown, patience = PATIENCE): Promise<Answer<Body>> {
    const headers = { "Content-Type": "application/json" };
    return this.noting(this.ask<Body>(path, { method: "POST", body: JSON.stringify(body), headers }, patience));
  }

  private async noting<Body>(asked: Promise<Answer<Body>>): Promise<Answer<Body>> {
    try {
      const answer = await asked;
      this.trouble = answer.problem ?? null;
      return answer;
    } catch (error) {
      this.trouble = error instanceof Refused ? error.problem : error instanceof Unheard ? error : null;
      throw error;
    }
  }

  /** Whether the server itself is there and can serve: what fails then is at fault, and not the network. */
  async ping(): Promise<boolean> {
    try {
      const asked: RequestInit = { credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_FOR_A_PING) };
      const response = await fetch(PING, asked);
      return response.ok && ((await response.json()) as { status?: string }).status === "ready";
    } catch {
      return false;
    }
  }

  private async ask<Body>(path: string, how: RequestInit, patience: number): Promise<Answer<Body>> {
    const headers: Record<string, string> = { ...(how.headers as Record<string, string>), Accept: "application/json" };
    headers["Accept-Language"] = this.language();
    if (this.token) headers["Authorization"] = `Token ${this.token}`;
    if (this.formToken) headers["X-CSRFToken"] = this.formToken;
    // Only the answer to an enrolment brings a cookie that is to be kept: by it a phone knows that it was emptied.
    const credentials = this.formToken || (how.method === "POST" && path === ENROLMENT) ? "same-origin" : "omit";
    const asked: RequestInit = { ...how, headers, credentials, cache: "no-store" };
    const since = performance.now();
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.base + path, { ...asked, signal: AbortSignal.timeout(patience) });
      this.heardDate(response.headers.get("Date"), performance.now() - since);
      text = response.status === 304 ? "null" : await response.text();
    } catch {
      throw new Unheard(path);
    }
    return this.read<Body>(path, response, parsed(text));
  }

  private read<Body>(path: string, response: Response, body: unknown): Answer<Body> {
    const { status, headers } = response;
    if ((response.ok || status === 304) && body !== undefined) {
      return { body: body as Body, status, etag: headers.get("ETag") ?? "" };
    }
    const problem = isProblem(body) ? { ...body, status } : null;
    if (COME_AGAIN.has(status) || (status === 503 && headers.has("Retry-After"))) {
      throw new NotNow(path, problem, comeAgainAt(headers.get("Retry-After"), Date.now()));
    }
    if (response.ok || status >= 500 || !problem) throw new Failed(path, status, problem);
    if ((this.token || this.formToken) && [401, 403].includes(status)) throw new Refused(problem);
    return { problem, status };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** When a server wants to be asked again, which says it in seconds; null where it does not. */
function comeAgainAt(wait: string | null, now: number): number | null {
  const seconds = Number(wait ?? Number.NaN);
  return Number.isFinite(seconds) ? now + seconds * 1000 : null;
}

/** Every refusal of the server's has a code; a proxy's or a firewall's has none. */
function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && typeof (body as Problem).code === "string";
}
