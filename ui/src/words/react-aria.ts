// React Aria brings words of its own for screen readers, in many languages but not in Vietnamese. Where it looks for
// strings that a server sent, it finds the page's, asked for anew each time.

import { m } from "../paraglide/messages.js";

type Strings = Record<string, Record<string, () => string>>;

/** Before the first component is drawn. Its packages that are not named here would throw. */
export function giveReactAriaWords(): void {
  const strings: Strings = {
    "@react-aria/overlays": { dismiss: () => m.page_close() },
    "@react-aria/menu": { longPressMessage: () => m.page_long_press() },
  };
  const global = window as unknown as Record<symbol, unknown>;
  global[Symbol.for("react-aria.i18n.locale")] = "vi-VN";
  global[Symbol.for("react-aria.i18n.strings")] = strings;
}
