// The server's API as the phone calls it. Nothing here is kept by the service worker.

import type { Problem } from "./queue/items";

const PATIENCE = 20_000;

/** No answer: no network, a server that is down, or one that asks to come again later. */
export class Unheard extends Error {}

/** The token is no longer good: it ran out, or the device was revoked. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }
}

export type Answer<Body> = { body: Body; status: number; etag: string; problem?: never } | { problem: Problem; status: number };

const ENROLMENT = "devices/";
const COME_AGAIN = new Set([408, 425, 429]);

export class Api {
  constructor(
    private readonly token: string | null,
    private readonly language: () => string,
    /** Told what the server's clock said, and after how many milliseconds. */
    private readonly heardDate: (date: string | null, took: number) => void = () => undefined,
    private readonly base = "/api/v1/",
  ) {}

  get<Body>(path: string, etag = "", patience = PATIENCE): Promise<Answer<Body>> {
    return this.ask<Body>(path, { headers: etag ? { "If-None-Match": etag } : {} }, patience);
  }

  post<Body>(path: string, body: unknown, patience = PATIENCE): Promise<Answer<Body>> {
    const headers = { "Content-Type": "application/json" };
    return this.ask<Body>(path, { method: "POST", body: JSON.stringify(body), headers }, patience);
  }

  private async ask<Body>(path: string, how: RequestInit, patience: number): Promise<Answer<Body>> {
    const headers: Record<string, string> = { ...(how.headers as Record<string, string>), Accept: "application/json" };
    headers["Accept-Language"] = this.language();
    if (this.token) headers["Authorization"] = `Token ${this.token}`;
    // Only the answer to an enrolment brings a cookie that is to be kept: by it a phone knows that it was emptied.
    const credentials = how.method === "POST" && path === ENROLMENT ? "same-origin" : "omit";
    const asked: RequestInit = { ...how, headers, credentials, cache: "no-store" };
    const since = performance.now();
    let response: Response;
    let body: unknown;
    try {
      response = await fetch(this.base + path, { ...asked, signal: AbortSignal.timeout(patience) });
      this.heardDate(response.headers.get("Date"), performance.now() - since);
      body = response.status === 304 ? null : await response.json();
    } catch {
      throw new Unheard(path);
    }
    if (response.ok || response.status === 304) {
      return { body: body as Body, status: response.status, etag: response.headers.get("ETag") ?? "" };
    }
    if (response.status >= 500 || COME_AGAIN.has(response.status)) throw new Unheard(path);
    const problem = { ...(body as Problem), status: response.status };
    if (this.token && (response.status === 401 || response.status === 403)) throw new Refused(problem);
    return { problem, status: response.status };
  }
}
