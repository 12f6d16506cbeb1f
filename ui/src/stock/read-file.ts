// A file that somebody chose, as the program takes it.

export type Chosen = { name: string; content: string };

/** A province's list is some 100 KiB; what is far larger was chosen by mistake. */
export const MOST_BYTES = 16 * 1024 * 1024;

/** `content` in base64. Rejects when the file can't be read: it was on a stick that is gone, say. */
export function readFile(file: File): Promise<Chosen> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done({ name: file.name, content: String(reader.result).replace(/^data:[^,]*,/, "") });
    reader.onerror = () => failed(reader.error ?? new Error(file.name));
    reader.readAsDataURL(file);
  });
}
