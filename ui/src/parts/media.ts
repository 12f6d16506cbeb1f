import { useSyncExternalStore } from "react";

/** The page is too narrow for the list beside the wall and for the whole bar; page.css says the same. */
export const NARROW = "(max-width: 62rem)";

/** The bar has room for everything, but not with all its words; page.css says the same. */
export const TIGHT = "(max-width: 90rem)";

export function isNarrow(): boolean {
  return window.matchMedia(NARROW).matches;
}

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    () => window.matchMedia(query).matches,
  );
}
