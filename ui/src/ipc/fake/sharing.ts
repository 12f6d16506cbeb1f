// A server that takes whoever comes, unless its name begins with "down".

import type { Workstations } from "../backend";
import type { Sharing, SharingFields } from "../wire";
import { Topic } from "./topic";

export class FakeSharing implements Workstations {
  readonly #calls: [string, ...unknown[]][];
  readonly #topic = new Topic<Sharing>();
  #fields: SharingFields = { server: null, rank: 0, name: null, file: null };

  constructor(calls: [string, ...unknown[]][]) {
    this.#calls = calls;
  }

  onSharing = this.#topic.on;

  sharing = async (): Promise<Sharing> => this.now();

  setSharing = async (fields: SharingFields): Promise<void> => {
    this.#calls.push(["setSharing", fields]);
    if (fields.server !== null && !/^(nats|tls):\/\//.test(fields.server)) {
      throw { level: "error", title: "Địa chỉ phải bắt đầu bằng nats:// hoặc tls://", detail: "tls:// để mã hóa đường truyền" };
    }
    this.#fields = fields;
    this.#topic.tell(this.now());
  };

  now(): Sharing {
    const { server, name } = this.#fields;
    const down = server?.includes("//down") ?? false;
    return {
      fields: this.#fields,
      name: name ?? "Trực@may-1",
      status: server === null ? { state: "alone", clients: 0 } : down ? { state: "lost", clients: 0 } : { state: "connected", clients: 4 },
      trouble: down ? "Không tới được máy chủ; kiểm tra địa chỉ và mạng" : "",
    };
  }
}
