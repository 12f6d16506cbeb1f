// Exports that come by themselves within a few seconds, and packages that are always as they were signed.

import type { Evidence } from "../backend";
import type { Choosing, EvidencePolicy, Export, ExportFields, Exports, FootageStill, Id, Notice, PackageRead, PackageVerdict, Preflight } from "../wire";
import type { Pace } from "./pace";
import { Topic, wait } from "./topic";

const BEAT = 250;
const STEP = 0.1;
const FOLDER = "/home/truc/Documents/Watchwall/Chứng cứ";
const KEY = "3f2a 91c0 77de 0b1c 5a4e 88f1 2c93 d06b";
const BYTES_A_SECOND = 250_000;
/** A street in grey. */
const STILL = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="960" height="540"><rect width="960" height="540" fill="#6c757d"/><path d="M0 540 400 220h160l400 320z" fill="#495057"/><rect x="60" y="90" width="220" height="260" fill="#adb5bd"/><rect x="120" y="160" width="60" height="80" fill="#212529"/><circle cx="560" cy="300" r="26" fill="#e9ecef"/><rect x="534" y="326" width="52" height="110" fill="#c92a2a"/></svg>')}`;

export class FakeEvidence implements Evidence {
  readonly #calls: [string, ...unknown[]][];
  readonly #options: URLSearchParams;
  readonly #pace: Pace;
  readonly #topic = new Topic<Exports>();
  readonly #read = new Topic<PackageRead>();
  #exports: Export[] = [];
  #policy: EvidencePolicy;

  constructor(options: URLSearchParams, calls: [string, ...unknown[]][], pace: Pace) {
    this.#options = options;
    this.#pace = pace;
    this.#calls = calls;
    const key = { key: "watchwall-key-AAAA", fingerprint: KEY, owner: "Nguyễn Văn Trực", enrolled: false };
    this.#policy = { four_eyes: options.has("four_eyes"), keys: [key] };
    pace.each(BEAT, () => this.#beat());
  }

  onExports = this.#topic.on;

  onPackageRead = this.#read.on;

  footageStill = async (camera: Id, at: number): Promise<FootageStill> => {
    this.#calls.push(["footageStill", camera, at]);
    await wait(40);
    if (this.#options.has("no_still")) throw { level: "error", title: "Chưa lấy được hình từ đầu ghi", detail: "Đầu ghi không trả lời. Vẫn có thể nhập vùng che bằng số." } satisfies Notice;
    return { image: STILL, at };
  };

  exports = async (): Promise<Exports> => this.#told();

  preflightExport = async (fields: ExportFields): Promise<Preflight> => {
    this.#calls.push(["preflightExport", fields]);
    await wait(60);
    const wanted = ({ period }: ExportFields["stretches"][number]) => (period.until - period.from) / 1e6;
    const cameras = fields.stretches.map((stretch, index) => ({
      camera: stretch.camera,
      wanted: wanted(stretch),
      recorded: index % 2 === 0 ? wanted(stretch) : wanted(stretch) / 2,
      problem: "",
    }));
    const seconds = cameras.reduce((sum, camera) => sum + camera.recorded, 0);
    const problem = this.#options.has("full") ? "Không đủ chỗ trong thư mục này" : "";
    return { folder: fields.folder || FOLDER, bytes: seconds * BYTES_A_SECOND, room: 42e9, seconds: seconds / 8, four_eyes: this.#policy.four_eyes, cameras, problem };
  };

  beginExport = async (fields: ExportFields): Promise<Id> => {
    this.#calls.push(["beginExport", fields]);
    const id = String(this.#exports.length + 1);
    const name = fields.name || `${fields.case_number || "Chứng-cứ"}-2026`;
    const cameras = fields.stretches.map(({ camera }) => ({ camera, share: 0, text: "Đang nhận hình", failed: false }));
    const about = { incident: fields.incident, case_number: fields.case_number, reason: fields.reason, by: "Nguyễn Văn Trực", own: true, at: Date.now() };
    const rest = { text: "", share: 0, bytes: 0, cameras, sha256: null, four_eyes: this.#policy.four_eyes, released_by: null, may_release: false, sealed: null };
    this.#exports = [{ id, name, path: `${fields.folder || FOLDER}/${name}`, state: "running", ...about, ...rest }, ...this.#exports];
    this.#tell();
    return id;
  };

  stopExport = async (id: Id, remove: boolean): Promise<void> => {
    this.#calls.push(["stopExport", id, remove]);
    this.#change(id, (each) => ({ ...each, state: remove ? "removed" : "stopped", cameras: [] }));
  };

  resumeExport = async (id: Id, leaveGaps: boolean): Promise<void> => {
    this.#calls.push(["resumeExport", id, leaveGaps]);
    this.#change(id, (each) => ({ ...each, state: "running", text: "" }));
  };

  sealPackage = async (id: Id, passphrase: string): Promise<string> => {
    this.#calls.push(["sealPackage", id, passphrase.length]);
    await wait(50);
    const path = `${this.#exports.find((each) => each.id === id)?.path ?? ""}.watchwall-sealed`;
    this.#change(id, (each) => ({ ...each, sealed: path }));
    return path;
  };

  releasePackage = async (id: Id, remark: string): Promise<void> => {
    this.#calls.push(["releasePackage", id, remark]);
    this.#change(id, (each) => ({ ...each, released_by: "Lê Thị Trưởng", may_release: false }));
  };

  verifyPackage = async (path: string, passphrase: string | null): Promise<PackageVerdict> => {
    this.#calls.push(["verifyPackage", path, passphrase?.length ?? null]);
    for (const share of [0.2, 0.6, 1]) {
      await this.#pace.next(30);
      this.#read.tell({ path, share });
    }
    if (!path.startsWith("/")) throw { level: "error", title: "Ghi đường dẫn đầy đủ của gói", detail: "" } satisfies Notice;
    const enrolled = this.#policy.keys.some((key) => key.enrolled);
    const sentences = [`Không có gì thay đổi: 4 tệp và 120 đoạn hình đúng từng byte như khi được ký bằng khóa ${KEY}.`, "Chữ ký không chứng minh rằng nội dung bản kê là đúng sự thật."];
    return { name: path.split("/").at(-1) ?? "", proof: enrolled ? "genuine" : "unknown_key", sentences };
  };

  choosePath = async (what: Choosing, at: string): Promise<string | null> => {
    this.#calls.push(["choosePath", what, at]);
    await wait(20);
    return what === "folder" ? "/media/usb" : "/media/usb/VA-12.watchwall-sealed";
  };

  evidencePolicy = async (): Promise<EvidencePolicy> => structuredClone(this.#policy);

  setFourEyes = async (fourEyes: boolean): Promise<void> => {
    this.#calls.push(["setFourEyes", fourEyes]);
    this.#policy.four_eyes = fourEyes;
    this.#tell();
  };

  enrolEvidenceKey = async (key: string, owner: string, enrolled: boolean): Promise<void> => {
    this.#calls.push(["enrolEvidenceKey", key, owner, enrolled]);
    const known = this.#policy.keys.find((each) => each.key === key);
    if (known) known.enrolled = enrolled;
    else this.#policy.keys.push({ key, owner, enrolled, fingerprint: KEY.split("").reverse().join("") });
  };

  #beat(): void {
    if (!this.#exports.some((each) => each.state === "running")) return;
    this.#exports = this.#exports.map((each) => {
      if (each.state !== "running") return each;
      const share = Math.min(1, each.share + STEP);
      const bytes = each.bytes + 1_200_000;
      if (share < 1) return { ...each, share, bytes, cameras: each.cameras.map((camera) => ({ ...camera, share })) };
      return { ...each, share, bytes, state: "complete" as const, cameras: [], sha256: "9f".repeat(32) };
    });
    this.#tell();
  }

  #change(id: Id, change: (each: Export) => Export): void {
    this.#exports = this.#exports.map((each) => (each.id === id ? change(each) : each));
    this.#tell();
  }

  #told(): Exports {
    return { exports: this.#exports, folder: FOLDER, four_eyes: this.#policy.four_eyes, key: this.#exports.length > 0 ? KEY : null, copies: !this.#options.has("no_encoder") };
  }

  #tell(): void {
    this.#topic.tell(this.#told());
  }
}
