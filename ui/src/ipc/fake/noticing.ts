// Devices that notice something when a test says so.

import type { Noticing } from "../backend";
import type { Alarm, DeviceNotice, District, EventKind, Id, RuleBook } from "../wire";
import { Topic } from "./topic";

export class FakeNoticing implements Noticing {
  readonly #calls: [string, ...unknown[]][];
  readonly #districts: District[];
  readonly #notices = new Topic<DeviceNotice[]>();
  readonly #alarms = new Topic<Alarm>();
  #list: DeviceNotice[] = [];
  #book: RuleBook = { rules: [], quiet: [] };

  constructor(calls: [string, ...unknown[]][], districts: District[]) {
    this.#calls = calls;
    this.#districts = districts;
  }

  onDeviceNotices = this.#notices.on;
  onAlarm = this.#alarms.on;

  deviceNotices = async (): Promise<DeviceNotice[]> => structuredClone(this.#list);

  acknowledgeNotices = async (lines: number[]): Promise<void> => {
    this.#calls.push(["acknowledgeNotices", lines]);
    this.#list = this.#list.map((notice) => (lines.includes(notice.line) ? { ...notice, acknowledged: true } : notice));
    this.#notices.tell(this.#list);
  };

  eventRules = async (): Promise<RuleBook> => structuredClone(this.#book);

  setEventRules = async (book: RuleBook): Promise<void> => {
    this.#calls.push(["setEventRules", book]);
    if (book.rules.some((rule) => rule.then.length === 0)) {
      throw { level: "error", title: "Quy tắc chưa dùng được", detail: "Mỗi quy tắc cần ít nhất một việc sẽ làm." };
    }
    this.#book = structuredClone(book);
  };

  /** For tests: a camera's device notices something. Again within a minute it is the same line. */
  notice(camera: Id, event: EventKind): void {
    const now = Date.now();
    const same = this.#list.find((line) => line.camera === camera && line.event === event && now - line.last < 60_000);
    if (same) {
      this.#list = this.#list.map((line) => (line === same ? { ...line, count: line.count + 1, last: now } : line));
    } else {
      const line = (this.#list[0]?.line ?? 0) + 1;
      const [site, device] = this.#place(camera);
      const fresh = { line, site, device, camera, event, first: now, last: now, count: 1, cameras: 1, active: true, quiet: false, acknowledged: false };
      this.#list = [fresh, ...this.#list];
    }
    this.#notices.tell(this.#list);
  }

  alarm(alarm: Alarm): void {
    this.#alarms.tell(alarm);
  }

  #place(camera: Id): [Id, Id] {
    for (const district of this.#districts) {
      for (const site of district.sites) {
        const recorder = site.recorders.find((each) => each.cameras.some((one) => one.id === camera));
        if (recorder) return [site.id, recorder.id];
      }
    }
    return ["", ""];
  }
}
