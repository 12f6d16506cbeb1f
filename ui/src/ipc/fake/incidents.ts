// Incidents and bookmarks without a program behind them.

import type { Incidents } from "../backend";
import type { Bookmark, BookmarkFields, Id, Incident, IncidentBook, IncidentFields, Notice, Safe, SafeCopy, SavedFile } from "../wire";
import type { Pace } from "./pace";
import { Topic, wait } from "./topic";

const ME = "Nguyễn Văn Trực";
const HALF_MINUTE_US = 30_000_000;
const DAY = 24 * 3_600_000;
const BEAT = 250;

export class FakeIncidents implements Incidents {
  readonly #calls: [string, ...unknown[]][];
  readonly #topic = new Topic<IncidentBook>();
  #incidents: Incident[] = [];
  #bookmarks: Bookmark[] = [];
  readonly #safeTopic = new Topic<Safe>();
  #safe: Safe = { copies: [], limit_gb: 50, used: 0, room: 412e9 };
  #next = 1;

  constructor(calls: [string, ...unknown[]][], pace: Pace) {
    this.#calls = calls;
    pace.each(BEAT, () => this.#beat());
  }

  onSafe = this.#safeTopic.on;

  safe = async (): Promise<Safe> => this.#safe;

  keepBookmark = async (id: Id): Promise<void> => {
    this.#calls.push(["keepBookmark", id]);
    const copy: SafeCopy = { bookmark: id, state: "waiting", share: 0, bytes: 0, text: "Chờ đến lượt", by: ME, own: true, overwritten_at: Date.now() + 3 * DAY };
    this.#tellSafe([...this.#safe.copies, copy]);
  };

  keepBookmarkAgain = async (id: Id): Promise<void> => {
    this.#calls.push(["keepBookmarkAgain", id]);
    this.#tellSafe(this.#safe.copies.map((copy) => (copy.bookmark === id ? { ...copy, state: "waiting" as const, text: "Chờ đến lượt" } : copy)));
  };

  dropBookmarkCopy = async (id: Id): Promise<void> => {
    this.#calls.push(["dropBookmarkCopy", id]);
    this.#tellSafe(this.#safe.copies.filter((copy) => copy.bookmark !== id));
  };

  setSafeLimit = async (limit: number): Promise<void> => {
    this.#calls.push(["setSafeLimit", limit]);
    this.#safe = { ...this.#safe, limit_gb: limit };
    this.#tellSafe(this.#safe.copies);
  };

  /** One after the other, each in two seconds. */
  #beat(): void {
    const at = this.#safe.copies.findIndex((copy) => copy.state === "waiting" || copy.state === "coming");
    if (at < 0) return;
    this.#tellSafe(
      this.#safe.copies.map((copy, index) => {
        if (index !== at) return copy;
        const share = Math.min(1, copy.share + 0.125);
        return { ...copy, share, text: "", bytes: share * 42e6, state: share < 1 ? ("coming" as const) : ("kept" as const) };
      }),
    );
  }

  #tellSafe(copies: SafeCopy[]): void {
    this.#safe = { ...this.#safe, copies, used: copies.reduce((sum, copy) => sum + copy.bytes, 0) };
    this.#safeTopic.tell(this.#safe);
  }

  onIncidents = this.#topic.on;

  incidents = async (): Promise<IncidentBook> => this.#book();

  saveIncident = async (fields: IncidentFields): Promise<Id> => {
    this.#calls.push(["saveIncident", fields]);
    await wait(20);
    if (!fields.title.trim()) throw refused("Tên vụ việc chưa dùng được");
    const { id, ...rest } = fields;
    if (id === null) {
      const made = this.#id();
      const began = { by: ME, at: Date.now() };
      this.#incidents = [{ id: made, ...rest, own: true, notes: [], history: [{ ...began, text: "Mở vụ việc" }], closed: false, ...began }, ...this.#incidents];
      this.#tell();
      return made;
    }
    this.#change(id, (incident) => ({ ...incident, ...rest }));
    return id;
  };

  closeIncident = async (id: Id, closed: boolean): Promise<void> => {
    this.#calls.push(["closeIncident", id, closed]);
    this.#change(id, (incident) => ({ ...incident, closed, history: [...incident.history, { by: ME, at: Date.now(), text: closed ? "Đóng vụ việc" : "Mở lại vụ việc" }] }));
  };

  noteIncident = async (id: Id, text: string): Promise<void> => {
    this.#calls.push(["noteIncident", id, text]);
    this.#change(id, (incident) => ({ ...incident, notes: [...incident.notes, { by: ME, at: Date.now(), text: text.trim() }] }));
  };

  saveBookmark = async (fields: BookmarkFields): Promise<Id> => {
    this.#calls.push(["saveBookmark", fields]);
    await wait(20);
    const { id: known, ...rest } = fields;
    const id = known ?? this.#id();
    this.#bookmarks = [{ id, ...rest, by: ME, at: Date.now(), own: true }, ...this.#bookmarks.filter((each) => each.id !== id)];
    const { from, until } = fields.period;
    const period = from === until ? { from: from - HALF_MINUTE_US, until: until + HALF_MINUTE_US } : fields.period;
    if (fields.incident !== null) {
      const added = fields.cameras.map((camera) => ({ camera, period }));
      const isNew = (incident: Incident) => added.filter(({ camera }) => !incident.stretches.some((each) => each.camera === camera));
      this.#change(fields.incident, (incident) => ({ ...incident, stretches: [...incident.stretches, ...isNew(incident)] }));
    } else this.#tell();
    return id;
  };

  removeBookmark = async (id: Id): Promise<void> => {
    this.#calls.push(["removeBookmark", id]);
    this.#bookmarks = this.#bookmarks.filter((each) => each.id !== id);
    this.#tell();
  };

  incidentReport = async (id: Id): Promise<SavedFile> => {
    this.#calls.push(["incidentReport", id]);
    await wait(50);
    return { path: "/home/truc/Documents/Watchwall/Báo cáo vụ việc.html" };
  };

  #id(): Id {
    this.#next += 1;
    return String(this.#next);
  }

  #change(id: Id, change: (incident: Incident) => Incident): void {
    if (!this.#incidents.some((incident) => incident.id === id)) throw refused("Không tìm thấy");
    this.#incidents = this.#incidents.map((incident) => (incident.id === id ? change(incident) : incident));
    this.#tell();
  }

  #book(): IncidentBook {
    const colleagues = [
      { account: "ca-truong", name: "Lê Thị Trưởng" },
      { account: "binh", name: "Trần Văn Bình" },
    ];
    return structuredClone({ incidents: this.#incidents, bookmarks: this.#bookmarks, colleagues });
  }

  #tell(): void {
    this.#topic.tell(this.#book());
  }
}

function refused(title: string): Notice {
  return { level: "error", title, detail: "" };
}
