// How all cameras and recorders stand, the news of the shift and the sheet for the next one.

import type { Boards } from "../backend";
import type { Board, CameraNews, CameraStatus, Condition, Desk, District, Handover, Health, Id } from "../wire";
import { Topic } from "./topic";

type Calls = [string, ...unknown[]][];
type Known = { districts: () => District[]; told: () => ReadonlyMap<Id, CameraStatus>; desk: () => Desk; language: () => "vi" | "en" };

const MINUTE = 60_000;

const TROUBLES = {
  vi: [
    { text: "Không trả lời", detail: "Kiểm tra nguồn điện và dây mạng của camera" },
    { text: "Sai người dùng hoặc mật khẩu", detail: "Sửa tài khoản thiết bị; không tự thử lại để tránh khóa đầu ghi" },
    { text: "Hình đứng", detail: "Khởi động lại camera; nếu vẫn vậy, kiểm tra đầu ghi" },
  ],
  en: [
    { text: "Doesn't answer", detail: "Check the camera's power and its network cable" },
    { text: "Wrong user or password", detail: "Correct the device login; it isn't retried, so that the recorder doesn't lock" },
    { text: "Picture stands still", detail: "Restart the camera; if that doesn't help, check the recorder" },
  ],
};

export class FakeBoards implements Boards {
  readonly #calls: Calls;
  readonly #known: Known;
  readonly #news = new Topic<CameraNews>();
  readonly #heard: CameraNews[] = [];
  #left: Handover["left"] = [];
  readonly #began = Date.now() - 7 * 60 * MINUTE;

  constructor(calls: Calls, known: Known) {
    this.#calls = calls;
    this.#known = known;
  }

  board = async (): Promise<Board> => {
    const told = this.#known.told();
    const recorders = this.#known.districts().flatMap((district) => district.sites.flatMap((site) => site.recorders));
    const cameras = recorders.flatMap((recorder) => recorder.cameras.map((camera) => this.#camera(camera.id, told.get(camera.id))));
    const of = new Map(cameras.map((health) => [health.id, health]));
    return {
      cameras,
      recorders: recorders.map((recorder) => {
        const own = recorder.cameras.flatMap((camera) => of.get(camera.id) ?? []);
        const silent = own.length > 0 && own.every((health) => health.condition === "unwell");
        return {
          ...blank(recorder.id, silent ? "unwell" : "well"),
          ...(silent ? this.#trouble(0) : {}),
          mbps: own.reduce((sum, health) => sum + health.mbps, 0),
          limit: recorder.cameras.length > 8 ? 100 : recorder.cameras.length > 4 ? 30 : 20,
          seen: Date.now() - 20_000,
        };
      }),
      complete: Date.now() - 30_000,
    };
  };

  onNews = this.#news.on;

  handover = async (): Promise<Handover> => {
    const told = this.#known.told();
    const dark = this.#known.districts().flatMap((district) =>
      district.sites.flatMap((site) =>
        site.recorders
          .flatMap((recorder) => recorder.cameras)
          .flatMap((camera) => {
            const health = this.#camera(camera.id, told.get(camera.id));
            if (health.condition !== "dark" && health.condition !== "unwell") return [];
            return [{ camera: camera.name, site: site.name, district: district.name, text: health.text, since: health.since }];
          }),
      ),
    );
    return {
      made: Date.now(),
      workstation: "PHONG-TRUC-01",
      person: "Nguyễn Văn Trực",
      began: this.#began,
      dark,
      left: this.#left,
      news: this.#heard,
      walls: this.#known.desk().walls.map((wall, index) => {
        const cameras = wall.slots.filter((slot) => slot.camera !== null).length;
        return `${index + 1}: ${wall.layout.columns.length}×${wall.layout.rows.length}, ${cameras} camera`;
      }),
      anchor: "2026-11-22 · 18 204 · 4f1c 9a0e 77d2 b630 51ce 8fa4 20bb 6d19",
    };
  };

  print = async (): Promise<void> => {
    this.#calls.push(["print"]);
  };

  /** For tests: what is left to the next shift. */
  leave(...left: Handover["left"]): void {
    this.#left = left;
  }

  /** For tests: what the program would tell by itself. */
  lose(id: Id, minutesAgo = 0): void {
    this.#tell(id, true, minutesAgo);
  }

  find(id: Id, minutesAgo = 0): void {
    this.#tell(id, false, minutesAgo);
  }

  #tell(id: Id, lost: boolean, minutesAgo: number): void {
    const vi = this.#known.language() === "vi";
    const text = lost ? this.#trouble(0).text : vi ? "Mất hình 4 phút" : "Without a picture for 4 minutes";
    const news = { id, name: this.#name(id), lost, text, at: Date.now() - minutesAgo * MINUTE };
    this.#heard.push(news);
    this.#news.tell(news);
  }

  #name(id: Id): string {
    for (const site of this.#known.districts().flatMap((district) => district.sites)) {
      const camera = site.recorders.flatMap((recorder) => recorder.cameras).find((each) => each.id === id);
      if (camera) return `${camera.name} · ${site.name}`;
    }
    return id;
  }

  #trouble(which: number): { text: string; detail: string } {
    const all = TROUBLES[this.#known.language()];
    return all[which % all.length] ?? { text: "", detail: "" };
  }

  #camera(id: Id, status: CameraStatus | undefined): Health {
    const number = [...id].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 9973, 7);
    if (status) {
      const live = status.look === "live";
      return {
        ...blank(id, status.look),
        text: status.text,
        detail: status.detail,
        since: Date.now() - (number % 90) * MINUTE,
        seen: live ? Date.now() : Date.now() - (number % 300) * MINUTE,
        mbps: live ? 0.2 + (number % 19) / 10 : 0,
        rate: live ? 12.5 : 0,
        age: live ? (number % 9) / 100 : null,
        decoder: live ? "CPU" : "",
        clock: number % 23 === 0 ? 83.4 : null,
      };
    }
    const unwell = number % 29 === 0;
    return {
      ...blank(id, unwell ? "unwell" : number % 41 === 0 ? "unknown" : "well"),
      ...(unwell ? this.#trouble(number) : {}),
      clock: number % 31 === 0 ? -12.5 : null,
      since: Date.now() - (number % 4000) * MINUTE,
      seen: number % 41 === 0 ? null : Date.now() - (unwell ? (number % 5000) * MINUTE : 25_000),
    };
  }
}

function blank(id: Id, condition: Condition): Health {
  return { id, condition, text: "", detail: "", since: null, seen: null, mbps: 0, limit: null, rate: 0, age: null, decoder: "", clock: null };
}
