// Parts of the page that its first paint does not need. They are read from the program right behind it, so that nobody
// waits for one; one that cannot be read is a fault of the page like any other.

import { createElement, type ComponentType, type ReactNode } from "react";
import { Store, useStore } from "../state/store";

type Part = { shown: ComponentType } | { fault: unknown } | null;

export type Later = { part: Store<Part>; load: () => void };

export function later(read: () => Promise<ComponentType>): Later {
  const part = new Store<Part>(null);
  let asked = false;
  const load = () => {
    if (asked) return;
    asked = true;
    read().then(
      (shown) => part.set({ shown }),
      (fault: unknown) => part.set({ fault }),
    );
  };
  return { part, load };
}

type Props = { of: Later; meanwhile?: ReactNode };

export function Part({ of, meanwhile = null }: Props): ReactNode {
  const part = useStore(of.part);
  if (part === null) {
    of.load();
    return meanwhile;
  }
  if ("fault" in part) throw part.fault;
  return createElement(part.shown);
}
