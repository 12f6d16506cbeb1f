// People, their sessions and their logins, as the program keeps them. Every account has the same password, and every
// telephone shows the same code: tests know them.

import type { People } from "../backend";
import type {
  Account,
  AccountFields,
  Enrolment,
  Login,
  LoginKeeping,
  LoginResult,
  Logins,
  LoginTarget,
  Notice,
  Person,
  Role,
  Session,
  SessionState,
  Settings,
  SignIn,
  Weakness,
} from "../wire";
import { mayOf } from "./rights";
import { staff } from "./staff";
import { Topic, wait } from "./topic";

const PASSWORD = "Rach Gia, Kien Giang 8";
const CODE = "246810";
const RECOVERY = ["7KQM-2XTD", "R4WN-9HJP", "C8YV-5GBA", "M3ZF-6LEK", "T9DS-1QXU", "H2PB-8NVR", "W5JG-4KYC", "E7LA-3MTZ"];
/** A small QR-like picture; nothing reads it. */
const QR =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h9v9H0z"/>' +
  '<path d="M1 1h3v3H1zM5 1h3v3H5zM1 5h3v3H1zM5 5h1v1H5zM7 5h1v1H7zM6 6h1v1H6zM5 7h1v1H5zM7 7h1v1H7z"/></svg>';

function refused(title: string, detail: string): Notice {
  return { level: "error", title, detail };
}

export class FakePeople implements People {
  readonly calls: [string, ...unknown[]][];
  readonly #options: URLSearchParams;
  readonly #settings: () => Settings;
  readonly #told = new Topic<Session>();
  #state: SessionState = "signed_in";
  #account: string | null = "truong-ca";
  #played: Role | null = null;
  #tries = 5;
  #accounts: Account[] = staff();
  #keeping: LoginKeeping;
  #logins: Login[] = [
    { target: { kind: "province" }, user: "giamsat", tested: "accepted", at: Date.now() - 86_400_000 * 12 },
    { target: { kind: "recorder", id: "bvdk-2" }, user: "admin", tested: "refused", at: Date.now() - 3_600_000 },
    { target: { kind: "site", id: "odd" }, user: "xem", tested: "untested", at: null },
  ];

  constructor(options: URLSearchParams, calls: [string, ...unknown[]][], settings: () => Settings) {
    this.#options = options;
    this.calls = calls;
    this.#settings = settings;
    this.#keeping = options.has("nokeychain") ? "not_chosen" : "keychain";
    const state = options.get("session");
    if (state === "first_start" || state === "signed_out") {
      this.#state = state;
      this.#account = null;
      if (state === "first_start") this.#accounts = [];
    } else if (state === "password_due" || state === "second_factor_due" || state === "locked") this.#state = state;
    const role = options.get("role") as Role | null;
    if (role && state === null) this.#account = this.#accounts.find((each) => each.role === role)?.account ?? null;
  }

  onSession = this.#told.on;

  async session(): Promise<Session> {
    return this.#session();
  }

  async createFirstAccount(account: string, name: string, password: string): Promise<void> {
    this.calls.push(["createFirstAccount", account, name]);
    await wait(20);
    if ((await this.weaknesses(account, password)).length > 0) throw refused("Mật khẩu chưa đủ mạnh", "Xem các yêu cầu bên dưới.");
    this.#accounts = [{ ...this.#blank(account, name), role: "administrator" }];
    this.#become(account);
  }

  async signIn(account: string, password: string, code: string | null): Promise<SignIn> {
    this.calls.push(["signIn", account, code]);
    return this.#enter(account, password, code);
  }

  async handOver(account: string, password: string, code: string | null): Promise<SignIn> {
    this.calls.push(["handOver", account, code]);
    return this.#enter(account, password, code);
  }

  async signOut(): Promise<void> {
    this.calls.push(["signOut"]);
    this.#account = null;
    this.#turn("signed_out");
  }

  async lock(): Promise<void> {
    this.calls.push(["lock"]);
    this.#turn("locked");
  }

  async unlock(password: string): Promise<void> {
    this.calls.push(["unlock"]);
    await wait(20);
    this.#check(password);
    this.#turn("signed_in");
  }

  async touched(): Promise<void> {
    this.calls.push(["touched"]);
  }

  async playRole(role: Role): Promise<void> {
    this.calls.push(["playRole", role]);
    this.#played = role;
    this.#become(this.#accounts.find((each) => each.role === role)?.account ?? "truong-ca");
  }

  async changePassword(old: string, password: string): Promise<void> {
    this.calls.push(["changePassword"]);
    await wait(20);
    this.#check(old);
    if ((await this.weaknesses(null, password)).length > 0) throw refused("Mật khẩu chưa đủ mạnh", "Xem các yêu cầu bên dưới.");
    this.#change(this.#account ?? "", { must_change: false });
    if (this.#state === "password_due") this.#turn(this.#due());
  }

  async weaknesses(account: string | null, password: string): Promise<Weakness[]> {
    const found: Weakness[] = [];
    if ([...password].length < 14) found.push("short");
    const classes = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u];
    if (!classes.every((one) => one.test(password))) found.push("classes");
    const own = account ?? this.#account ?? "";
    if (own !== "" && password.toLowerCase().includes(own.toLowerCase())) found.push("name");
    if (/^(mat ?khau|password|123)/i.test(password)) found.push("common");
    if (account === null && password === PASSWORD) found.push("used");
    return found;
  }

  async beginSecondFactor(password: string): Promise<Enrolment> {
    await wait(20);
    this.#check(password);
    return { qr: QR, typed: "JBSW Y3DP EHPK 3PXP" };
  }

  async confirmSecondFactor(code: string): Promise<string[]> {
    if (code !== CODE) throw refused("Mã không đúng", "Xem lại giờ của điện thoại rồi nhập mã mới.");
    this.#change(this.#account ?? "", { second_factor: true });
    this.#turn("signed_in");
    return RECOVERY;
  }

  async dropSecondFactor(password: string, code: string): Promise<void> {
    this.#check(password);
    if (code !== CODE) throw refused("Mã không đúng", "Xem lại giờ của điện thoại rồi nhập mã mới.");
    this.#change(this.#account ?? "", { second_factor: false });
    this.#turn("signed_in");
  }

  async accounts(): Promise<Account[]> {
    return structuredClone(this.#accounts);
  }

  async createAccount(fields: AccountFields, password: string): Promise<void> {
    this.calls.push(["createAccount", fields, password.length]);
    if (this.#accounts.some((each) => each.account === fields.account)) {
      throw refused("Đã có tài khoản này", "Chọn tên khác.");
    }
    this.#accounts = [...this.#accounts, { ...this.#blank(fields.account, fields.name), ...fields, must_change: true }];
  }

  async changeAccount(fields: AccountFields): Promise<void> {
    this.calls.push(["changeAccount", fields]);
    this.#change(fields.account, fields);
  }

  async setAccountDisabled(account: string, disabled: boolean): Promise<void> {
    this.calls.push(["setAccountDisabled", account, disabled]);
    if (account === this.#account) throw refused("Không tự vô hiệu được", "Một quản trị viên khác có thể làm việc này.");
    this.#change(account, { disabled });
  }

  async resetPassword(account: string, password: string): Promise<void> {
    this.calls.push(["resetPassword", account, password.length]);
    this.#change(account, { must_change: true, second_factor: false });
  }

  async releaseAccount(account: string): Promise<void> {
    this.calls.push(["releaseAccount", account]);
    this.#change(account, { locked_until: null });
  }

  async logins(): Promise<Logins> {
    const why = this.#options.has("nokeychain") ? "Hệ thống không có dịch vụ chùm khóa (org.freedesktop.secrets)." : "";
    return structuredClone({ keeping: this.#keeping, why, entries: this.#keeping === "not_chosen" ? [] : this.#logins });
  }

  async keepLogins(keeping: LoginKeeping): Promise<void> {
    this.calls.push(["keepLogins", keeping]);
    this.#keeping = keeping;
  }

  /** A device that knows the user "sai" lets nobody in. */
  async setLogin(target: LoginTarget, user: string, password: string): Promise<LoginResult> {
    this.calls.push(["setLogin", target, user, password.length]);
    await wait(150);
    const accepted = user !== "sai";
    const login: Login = { target, user, tested: accepted ? "accepted" : "refused", at: Date.now() };
    this.#logins = [...this.#logins.filter((each) => !same(each.target, target)), login];
    return accepted
      ? { accepted, text: "Đầu ghi Bệnh viện đa khoa tỉnh đã chấp nhận.", detail: "" }
      : {
          accepted,
          text: "Đầu ghi Bệnh viện đa khoa tỉnh từ chối: sai người dùng hoặc mật khẩu.",
          detail: "Chương trình không tự thử lại để đầu ghi không bị khóa. Nhập lại đúng rồi lưu.",
        };
  }

  async removeLogin(target: LoginTarget): Promise<void> {
    this.calls.push(["removeLogin", target]);
    this.#logins = this.#logins.filter((each) => !same(each.target, target));
  }

  async #enter(account: string, password: string, code: string | null): Promise<SignIn> {
    await wait(20);
    const found = this.#accounts.find((each) => each.account === account.trim().toLowerCase());
    if (!found || password !== PASSWORD) this.#wrong();
    if (found.disabled) throw refused("Tài khoản đã bị vô hiệu", "Liên hệ quản trị viên.");
    if (found.second_factor && code === null) return "code_needed";
    if (found.second_factor && code !== CODE && !RECOVERY.includes(code ?? "")) {
      throw refused("Mã không đúng", "Chờ mã mới trên điện thoại rồi nhập lại.");
    }
    this.#become(found.account);
    return "done";
  }

  #check(password: string): void {
    if (password !== PASSWORD) this.#wrong();
  }

  #wrong(): never {
    this.#tries -= 1;
    throw refused("Sai tài khoản hoặc mật khẩu", `Còn ${this.#tries} lần thử trước khi bị khóa 15 phút.`);
  }

  #become(account: string): void {
    this.#account = account;
    this.#tries = 5;
    this.#turn(this.#due());
  }

  /** What the person who has signed in has to do first. */
  #due(): SessionState {
    const own = this.#accounts.find((each) => each.account === this.#account);
    if (own?.must_change) return "password_due";
    return own?.second_factor_required && !own.second_factor ? "second_factor_due" : "signed_in";
  }

  /** What the program would do by itself after a while. */
  turn = (state: SessionState): void => this.#turn(state);

  #turn(state: SessionState): void {
    this.#state = state;
    this.#told.tell(this.#session());
  }

  #session(): Session {
    const found = this.#accounts.find((each) => each.account === this.#account);
    const person: Person | null = found
      ? {
          account: found.account,
          name: found.name,
          role: found.role,
          scope: found.scope,
          may: mayOf(this.#played ?? found.role),
          second_factor: found.second_factor,
          second_factor_required: found.second_factor_required,
        }
      : null;
    return structuredClone({ state: this.#state, person, demo: this.#options.has("demo"), settings: this.#settings() });
  }

  #change(account: string, fields: Partial<Account>): void {
    this.#accounts = this.#accounts.map((each) => (each.account === account ? { ...each, ...fields } : each));
  }

  #blank(account: string, name: string): Account {
    const scope = { everything: true, districts: [], sites: [], cameras: [] };
    return {
      account,
      name,
      role: "operator",
      scope,
      disabled: false,
      locked_until: null,
      second_factor: false,
      second_factor_required: false,
      must_change: false,
      last_sign_in: null,
      from_inventory: false,
    };
  }
}

function same(a: LoginTarget, b: LoginTarget): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
