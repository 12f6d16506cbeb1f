// Incidents and bookmarks without a program behind them.

import type { Incidents } from "../backend";
import type { Bookmark, BookmarkFields, Id, Incident, IncidentBook, IncidentFields, Notice, SavedFile } from "../wire";
import { Topic, wait } from "./topic";

const ME = "Nguyễn Văn Trực";
const HALF_MINUTE_US = 30_000_000;

export class FakeIncidents implements Incidents {
  readonly #calls: [string, ...unknown[]][];
  readonly #topic = new Topic<IncidentBook>();
  #incidents: Incident[] = [];
  #bookmarks: Bookmark[] = [];
  #next = 1;

  constructor(calls: [string, ...unknown[]][]) {
    this.#calls = calls;
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
