// A log of a few shifts, made the same each time, the newest now.

import type { Records } from "../backend";
import type {
  District,
  Record as Entry,
  RecordFilter,
  RecordFormat,
  RecordKind,
  RecordPage,
  RecordVerdict,
  SavedFile,
  Watched,
} from "../wire";
import { fold } from "../../search/fold";
import { staff } from "./staff";
import { wait } from "./topic";

const PAGE = 200;
const MANY = 1234;

type Template = { kind: RecordKind; text: string; details: [string, string][] };

const TEMPLATES: Template[] = [
  { kind: "presence", text: "Đăng nhập", details: [["second_factor", "totp"]] },
  { kind: "watching", text: "Xem {camera}", details: [["camera", "{id}"], ["site", "{site}"], ["seconds", "312"], ["largest", "960×540"]] },
  { kind: "watching", text: "Xem {camera}", details: [["camera", "{id}"], ["site", "{site}"], ["seconds", "48"], ["largest", "480×270"]] },
  { kind: "evidence", text: "Lưu ảnh {camera}", details: [["camera", "{id}"], ["path", "/home/truc/Pictures/Watchwall/o-1.png"], ["sha256", "9b74c9897bac770ffc029102a200c5de"]] },
  { kind: "moving", text: "Quay {camera} sang trái", details: [["camera", "{id}"], ["pan", "-0.4"]] },
  { kind: "layouts", text: "Đổi bố cục tường 1 thành 4×4", details: [["wall", "0"], ["layout", "4×4"]] },
  { kind: "logins", text: "Đổi tài khoản thiết bị của đầu ghi", details: [["target", "recorder"], ["user", "giamsat"]] },
  { kind: "playback", text: "Xem lại {camera} từ 07:10 đến 07:25", details: [["camera", "{id}"]] },
  { kind: "presence", text: "Khóa bàn điều khiển", details: [["after_minutes", "10"]] },
  { kind: "denials", text: "Bị từ chối: quản lý tài khoản", details: [["action", "manage_accounts"]] },
  { kind: "accounts", text: "Đặt lại mật khẩu của truc4", details: [["account", "truc4"]] },
  { kind: "changes", text: "Đổi vùng của điểm thành cam", details: [["site", "{site}"], ["zone", "orange"]] },
  { kind: "log", text: "Chương trình khởi động", details: [["version", "0.1.0"]] },
];

export class FakeRecords implements Records {
  readonly #options: URLSearchParams;
  readonly #calls: [string, ...unknown[]][];
  readonly #cameras: { id: string; name: string; site: string }[];
  readonly #all: Entry[];

  constructor(options: URLSearchParams, calls: [string, ...unknown[]][], districts: District[]) {
    this.#options = options;
    this.#calls = calls;
    this.#cameras = districts.flatMap(({ sites }) =>
      sites.flatMap((site) =>
        site.recorders.flatMap(({ cameras }) => cameras.map(({ id, name }) => ({ id, name, site: site.id }))),
      ),
    );
    this.#all = this.#make();
  }

  async records(filter: RecordFilter, before: number | null): Promise<RecordPage> {
    this.#calls.push(["records", filter, before]);
    await wait(10);
    const found = this.#found(filter).filter((entry) => before === null || entry.sequence < before);
    const records = found.slice(0, PAGE);
    return { records, older: found.length > PAGE ? (records.at(-1)?.sequence ?? null) : null };
  }

  async watched(filter: RecordFilter): Promise<Watched[]> {
    const sums = new Map<string, Watched>();
    for (const entry of this.#found(filter)) {
      const details = Object.fromEntries(entry.details);
      if (entry.kind !== "watching" || !details["camera"]) continue;
      const key = `${details["camera"]}/${entry.account}`;
      const seconds = Number(details["seconds"]);
      const large = details["largest"] === "960×540";
      const sum = sums.get(key);
      sums.set(key, {
        camera: details["camera"],
        account: entry.account,
        seconds: (sum?.seconds ?? 0) + seconds,
        watches: (sum?.watches ?? 0) + 1,
        largest: large || sum?.largest[0] === 960 ? [960, 540] : [480, 270],
        share: large ? 0.25 : 0.0625,
        unended: entry.sequence % 211 === 0 ? 1 : (sum?.unended ?? 0),
      });
    }
    return [...sums.values()];
  }

  async verifyRecords(): Promise<RecordVerdict> {
    this.#calls.push(["verifyRecords"]);
    await wait(150);
    const forged = this.#options.has("forged");
    return {
      sound: !forged,
      records: this.#all.length,
      faults: forged ? ["Dòng 417: nội dung không khớp với chuỗi băm.", "Sau dòng 902 thiếu 3 dòng."] : [],
      meaning: forged
        ? "Nhật ký đã bị sửa hoặc hỏng ở các chỗ trên. Giữ nguyên tệp và báo người phụ trách an toàn thông tin."
        : "Không dòng nào bị sửa, xóa hay chèn. Ai chiếm được cả máy vẫn có thể viết lại toàn bộ; mã neo ghi ở nơi khác sẽ cho thấy điều đó.",
      anchor: "1234 · 5f1c 93ae 07d2 b86e 4410 9c3f e2a7 61bd",
    };
  }

  async exportRecords(filter: RecordFilter, format: RecordFormat): Promise<SavedFile> {
    this.#calls.push(["exportRecords", filter, format]);
    return { path: `/home/truc/Documents/Watchwall/nhat-ky-2026-11-22.${format === "syslog" ? "log" : "jsonl"}` };
  }

  #found({ from, until, account, kinds, subject, text }: RecordFilter): Entry[] {
    return this.#all.filter(
      (entry) =>
        (from === null || entry.at >= from) &&
        (until === null || entry.at < until) &&
        (account === null || entry.account === account) &&
        (kinds.length === 0 || kinds.includes(entry.kind)) &&
        (subject === null || entry.details.some(([, value]) => value === subject)) &&
        (text === null || fold(`${entry.text} ${entry.account}`).includes(fold(text))),
    );
  }

  #make(): Entry[] {
    const people = staff().filter(({ role }) => role === "operator" || role === "supervisor");
    const now = Date.now();
    return Array.from({ length: MANY }, (_, index) => {
      const sequence = MANY - index;
      const template = TEMPLATES[(sequence * 7) % TEMPLATES.length] ?? TEMPLATES[0];
      const camera = this.#cameras[(sequence * 13) % Math.max(1, this.#cameras.length)];
      const person = people[(sequence * 3) % people.length];
      const filled = (text: string) =>
        text
          .replace("{camera}", camera?.name ?? "")
          .replace("{id}", camera?.id ?? "")
          .replace("{site}", camera?.site ?? "");
      const own = template?.kind === "log";
      return {
        sequence,
        at: now - index * 97_000,
        workstation: sequence % 5 === 0 ? "TRUC-02" : "TRUC-01",
        account: own ? "" : (person?.account ?? ""),
        role: own ? null : (person?.role ?? null),
        kind: template?.kind ?? "log",
        text: filled(template?.text ?? ""),
        details: (template?.details ?? []).map(([name, value]) => [name, filled(value)] as [string, string]),
      };
    });
  }
}
