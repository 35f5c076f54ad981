// Coming in: signing in, choosing a PIN, unlocking, and what to do when the PIN is forgotten.

import { Api } from "../api";
import type { Database } from "../store/database";
import type { Session } from "../store/drawer";
import { changePassword, changePin, enrol, unlockWithPin } from "../store/enrolment";
import { unlock } from "../store/vault";
import { currentLanguage, languageTag, say } from "../words/words";
import type { App } from "./app";

export class Entry {
  pin = "";
  private lockedUntil = 0;
  private chosenPin = "";
  private changing: { pin: string } | { password: string } | null = null;
  private credentials: { username: string; password: string; office: string } | null = null;
  private pending: Session | null = null;

  constructor(
    private readonly app: App,
    private readonly database: Database,
  ) {}

  /** A locked phone knows no secret any more. */
  forget(): void {
    this.chosenPin = "";
    this.changing = null;
    this.credentials = null;
    this.pending = null;
  }

  async signIn(username: string, password: string, lane: string): Promise<void> {
    if (this.app.enrolment && this.app.enrolment.username !== username) {
      return this.app.tell("signin.other", { username: this.app.enrolment.username });
    }
    await this.app.busy(async () => {
      const office = await this.askForToken(username, password, lane);
      if (office === null) return;
      if (this.app.phone && this.app.enrolment) {
        await this.takeToken(password);
      } else {
        this.credentials = { username, password, office };
        this.app.show("pin-choose");
      }
    });
  }

  /** Return the office, or say what is wrong and return null. The sign-in's token is changed for the device's own. */
  private async askForToken(username: string, password: string, lane: string): Promise<string | null> {
    const signed = await new Api(null, languageTag).post<{
      token: string;
      expires_at: string;
      user: { office: string | null };
    }>("auth/token/", { username, password });
    if (signed.problem) {
      this.app.notice = signed.problem.detail ?? "";
      return null;
    }
    const { token, expires_at: expiresAt, user } = signed.body;
    if (!user.office) {
      this.app.tell("signin.unposted");
      return null;
    }
    this.pending = { token, expiresAt, device: null };
    const api = new Api(token, languageTag);
    const name = `${username} ${new Date().toISOString().slice(0, 10)}`;
    const device = await api.post<{ id: string; token: string; expires_at: string }>("devices/", { name, lane });
    if (!device.problem) {
      this.pending = { token: device.body.token, expiresAt: device.body.expires_at, device: device.body.id };
      await api.post("auth/logout/", {}).catch(() => undefined);
    }
    return user.office;
  }

  private async takeToken(password: string): Promise<void> {
    const phone = this.app.phone!;
    phone.session = this.pending!;
    await phone.drawer.write("session", this.pending!);
    if (this.chosenPin) await changePassword(this.database, this.chosenPin, password);
    this.app.show("scan");
    void phone.sync();
  }

  press(digit: string): void {
    if (this.app.isBusy || this.pin.length >= 6) return;
    this.pin += digit;
    this.app.notice = "";
    this.app.draw();
    if (this.pin.length === 6) void this.takePin();
  }

  unpress(): void {
    this.pin = this.pin.slice(0, -1);
    this.app.draw();
  }

  private async takePin(): Promise<void> {
    const pin = this.pin;
    await this.app.busy(async () => {
      if (this.app.screen === "lock") await this.unlock(pin);
      else if (this.app.screen === "pin-choose") this.choosePin(pin);
      else if (pin !== this.chosenPin) {
        this.app.show("pin-choose");
        this.app.notice = say("pin.differs");
      } else if (this.changing) await this.changeTo(pin, this.changing);
      else await this.enrolWith(pin);
    });
    this.pin = "";
    this.app.draw();
  }

  private async changeTo(pin: string, by: NonNullable<typeof this.changing>): Promise<void> {
    this.changing = null;
    await this.app.open(await changePin(this.database, by, pin));
  }

  private choosePin(pin: string): void {
    this.chosenPin = pin;
    this.app.show("pin-repeat");
  }

  private async enrolWith(pin: string): Promise<void> {
    const { username, password, office } = this.credentials!;
    const vault = await enrol(this.database, { username, office, pin, password });
    this.credentials = null;
    await this.database.put("plain", currentLanguage(), "language");
    await this.app.open(vault, this.pending!);
    this.app.isPersisted = (await navigator.storage?.persist?.()) ?? false;
  }

  private async unlock(pin: string): Promise<void> {
    const answer = await unlockWithPin(this.database, pin, Date.now());
    if ("vault" in answer) {
      this.chosenPin = pin;
      return this.app.open(answer.vault);
    }
    this.lockedUntil = answer.waitUntil;
    this.countDown();
  }

  private countDown(): void {
    const seconds = Math.ceil((this.lockedUntil - Date.now()) / 1000);
    this.app.notice = seconds > 0 ? say("pin.wait", { seconds }) : say("pin.wrong");
    this.app.draw();
    if (seconds > 0 && this.app.screen === "lock") setTimeout(() => this.countDown(), 1000);
  }

  async forgetPin(password: string): Promise<void> {
    await this.app.busy(async () => {
      try {
        await unlock(this.app.enrolment!.password, password);
        this.changing = { password };
        this.app.show("pin-choose");
      } catch {
        this.app.notice = say("pin.password.wrong");
      }
    });
  }

  changePin(): void {
    this.changing = { pin: this.chosenPin };
    this.app.show("pin-choose");
  }
}
