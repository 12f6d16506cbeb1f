import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "./covering";

type Props = { title: string; yes: string; onYes: () => void; onClose: () => void; children: ReactNode };

/** Before something that can't be taken back. The way out has the focus. */
export function Question({ title, yes, onYes, onClose, children }: Props) {
  return (
    <CoveringDialog title={title} alert onClose={onClose}>
      <p className="dialog-text">{children}</p>
      <div className="dialog-actions">
        <Button className="button" autoFocus onPress={onClose}>
          {m.page_cancel()}
        </Button>
        <Button
          className="button button-danger"
          onPress={() => {
            onClose();
            onYes();
          }}
        >
          {yes}
        </Button>
      </div>
    </CoveringDialog>
  );
}
