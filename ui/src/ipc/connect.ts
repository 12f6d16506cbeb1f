// Which backend stands behind the page is decided when it is built: the fake is not in the program.

import type { Backend } from "./backend";

export async function connect(): Promise<Backend> {
  const backend = import.meta.env.MODE === "fake" ? await import("./fake/fake") : await import("./tauri");
  return backend.connect();
}
