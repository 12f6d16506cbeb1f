// The inventory from the inside: files that are looked at, sources, keys and zones. What a file is good for says its
// name: "hong" has three broken rows, "rat-hong" five hundred, "mau" lacks addresses, "bot" would remove cameras.

import type { Stocks } from "../backend";
import type { Counts, DeviceEnrolment, District, FoundDevice, Id, ImportOptions, ImportPreview, MetChannel, MetDevice, RowError, Stock, StockFormat, StockState, ZoneMark } from "../wire";
import { Topic } from "./topic";

type Calls = [string, ...unknown[]][];

const NONE: Counts = { sites: 0, recorders: 0, cameras: 0 };

const BROKEN: RowError[] = [
  { row: 3, column: "Địa chỉ", value: "rtsp://…@10.1.2.3/ch1/main", text: "Địa chỉ không được có mật khẩu; bỏ phần trước @ và nhập tài khoản thiết bị trong chương trình" },
  { row: 17, column: "Kênh", value: "mười hai", text: "Phải là số từ 1 đến 64" },
  { row: 41, column: "", value: "<img src=x onerror=\"window.hostile=true\">", text: "Trùng mã với dòng 12; mỗi camera cần một mã riêng" },
];

export class FakeStocks implements Stocks {
  readonly #calls: Calls;
  readonly #topic = new Topic<Stock>();
  #districts: District[];
  #token = 0;
  #state: Omit<StockState, "counts"> = {
    source: "https://kho.kiengiang.example/watchwall",
    fetched: Date.now() - 3 * 3_600_000,
    problem: "",
    enrolled_key: "9F3A 07C1 5B22 E8D4",
    own_key: null,
    serial: 17,
  };

  constructor(calls: Calls, districts: District[]) {
    this.#calls = calls;
    this.#districts = districts;
  }

  districts = (): District[] => this.#districts;
  onStock = this.#topic.on;

  stockState = async (): Promise<StockState> => ({ ...this.#state, counts: counted(this.#districts) });

  previewImport = async (name: string, content: string, options: ImportOptions): Promise<ImportPreview> => {
    await new Promise((done) => setTimeout(done, 150));
    const text = new TextDecoder().decode(Uint8Array.from(atob(content), (byte) => byte.charCodeAt(0)));
    if (text === "") throw { level: "error", title: "Tệp trống", detail: "Chọn tệp có ít nhất một dòng camera." };
    const errors = errorsOf(name, options);
    this.#token += 1;
    return {
      token: this.#token,
      shape: name.endsWith(".xlsx") ? "XLSX, Sheet 1" : name.endsWith(".json") ? "JSON" : "CSV, UTF-8, `;`",
      rows: 373,
      added: { sites: 2, recorders: 3, cameras: 11 },
      changed: { sites: 1, recorders: 0, cameras: 4 },
      removed: name.includes("bot") ? { sites: 1, recorders: 1, cameras: 4 } : NONE,
      examples: name.includes("bot") ? ["Trạm y tế phường Vĩnh Lạc", "Cổng chính · Chợ Rạch Sỏi"] : ["Cổng chính · Chợ Rạch Sỏi"],
      errors: errors.slice(0, 100),
      error_count: errors.length,
      needs_template: errors.some((error) => error.row === null),
    };
  };

  findDevices = async (addresses: string): Promise<FoundDevice[]> => {
    this.#calls.push(["findDevices", addresses]);
    if (addresses.includes("?")) throw { level: "error", title: "Địa chỉ không đúng", detail: "“?” không phải địa chỉ." };
    const known = this.#districts[0]?.sites[0]?.recorders[0]?.name ?? "";
    return [
      { address: "10.1.2.10", name: "Đầu ghi chợ", hardware: "XRN-820S", protocol: "ONVIF", known: "" },
      { address: "10.1.2.11:8000", name: "<b>NVR</b>", hardware: "DS-7608", protocol: "ONVIF", known },
      { address: "10.1.2.12", name: "", hardware: "", protocol: "RTSP", known: "" },
    ];
  };

  meetDevice = async (address: string, user: string, password: string): Promise<MetDevice> => {
    this.#calls.push(["meetDevice", address, user]);
    if (password === "sai") throw { level: "error", title: `Chưa nói chuyện được với ${address}`, detail: "Sai tên hoặc mật khẩu" };
    const channel = (number: number, name: string): MetChannel => ({
      number,
      name,
      profiles: ["H.265 · 3840×2160 · 25/s · 6 Mb/s", "H.264 · 640×360 · 12.5/s · 0.5 Mb/s"],
      usable: true,
      ptz: number === 1,
      sound: number === 2,
    });
    const broken: MetChannel = { number: 3, name: "", profiles: ["MJPEG · 640×480"], usable: false, ptz: false, sound: false };
    return {
      token: 7,
      address,
      protocol: "ONVIF",
      make: "Hanwha",
      model: "XRN-820S",
      firmware: "5.06.02",
      serial: "ZN7K70GT500123",
      clock: 83.4,
      certificate: null,
      events: true,
      channels: [channel(1, "Cổng chính"), channel(2, ""), broken],
    };
  };

  enrolDevice = async (enrolment: DeviceEnrolment): Promise<Id> => {
    this.#calls.push(["enrolDevice", enrolment]);
    return "10-1-2-10";
  };

  applyImport = async (token: number): Promise<void> => {
    this.#calls.push(["applyImport", token]);
    if (token !== this.#token) throw { level: "error", title: "Tệp đã xem trước không còn", detail: "Chọn lại tệp." };
    this.#told();
  };

  exportStock = async (format: StockFormat): Promise<{ path: string }> => ({
    path: `/home/truc/Documents/kho-camera.${format === "csv" ? "csv" : format === "json" ? "json" : "signed.json"}`,
  });

  setStockSource = async (source: string | null): Promise<void> => {
    this.#calls.push(["setStockSource", source]);
    this.#state = { ...this.#state, source, problem: "", fetched: source ? Date.now() : this.#state.fetched };
    if (source?.includes("khong-co")) this.#state.problem = "Không tới được máy chủ kho; kiểm tra địa chỉ và đường mạng.";
  };

  fetchStock = async (): Promise<void> => {
    this.#calls.push(["fetchStock"]);
    this.#state = { ...this.#state, fetched: Date.now() };
    this.#told();
  };

  enrolKey = async (key: string | null): Promise<void> => {
    this.#calls.push(["enrolKey", key]);
    if (key !== null && !/^[0-9A-Za-z+/=_-]{20,}$/.test(key)) {
      throw { level: "error", title: "Đây không phải là khóa", detail: "Dán nguyên văn khóa công khai đã nhận." };
    }
    this.#state = { ...this.#state, enrolled_key: key === null ? null : "41D0 2E9C 66AF 130B" };
  };

  makeSigningKey = async (): Promise<string> => {
    this.#calls.push(["makeSigningKey"]);
    this.#state = { ...this.#state, own_key: "B7E1 55A0 9C3D 28F6" };
    return "MCowBQYDK2VwAyEAf0Q6Zl0m3u8c1n9pQ2rWkYt7sVbXeHgJdLaRzOiUyTw";
  };

  markZone = async ({ site, zone }: ZoneMark): Promise<void> => {
    this.#calls.push(["markZone", { site, zone }]);
    this.#districts = this.#districts.map((district) => ({
      ...district,
      sites: district.sites.map((each) => (each.id === site ? { ...each, zone } : each)),
    }));
    this.#told();
  };

  #told(): void {
    this.#topic.tell({ province: "Kiên Giang", districts: this.#districts });
  }
}

function errorsOf(name: string, options: ImportOptions): RowError[] {
  if (name.includes("rat-hong")) {
    return Array.from({ length: 500 }, (_, index) => ({ ...(BROKEN[index % 3] ?? { row: 0, column: "", value: "", text: "" }), row: index + 2 }));
  }
  if (name.includes("hong")) return BROKEN;
  if (name.includes("mau") && !options.template) {
    return [{ row: null, column: "Địa chỉ", value: "", text: "Danh sách không có địa chỉ luồng; nhập mẫu địa chỉ" }];
  }
  return [];
}

function counted(districts: District[]): Counts {
  const sites = districts.flatMap((district) => district.sites);
  const recorders = sites.flatMap((site) => site.recorders);
  return { sites: sites.length, recorders: recorders.length, cameras: recorders.flatMap((recorder) => recorder.cameras).length };
}
