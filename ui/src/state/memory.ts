// What this page remembers by itself between two starts; small things of this machine that no wall depends on.

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // A web view may come without storage.
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Then it is forgotten.
  }
}
