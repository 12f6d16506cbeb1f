import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { Button } from "react-aria-components";
import { Printer } from "lucide-react";
import type { Handover, Notice } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { InlineNotice } from "../parts/inline-notice";
import { noticeOf, useApp } from "../state/app";
import { Sheet } from "./sheet";

/** The sheet as it will be printed. A second one, outside of all dialogs, is the one that goes to the printer. */
export function SheetDialog() {
  const app = useApp();
  const [handover, setHandover] = useState<Handover | null>(null);
  const [problem, setProblem] = useState<Notice | null>(null);
  useEffect(() => {
    let here = true;
    app.backend.handover().then(
      (next) => here && setHandover(next),
      (error: unknown) => here && setProblem(noticeOf(error)),
    );
    return () => {
      here = false;
    };
  }, [app]);
  const shut = () => app.view.patch({ dialog: null });
  return (
    <CoveringDialog title={m.page_handover()} wide onClose={shut}>
      <div className="sheet-desk" tabIndex={0} role="region" aria-label={m.page_handover_preview()}>
        {problem ? <InlineNotice notice={problem} /> : null}
        {handover ? <Sheet handover={handover} /> : problem ? null : <p role="status">{m.page_handover_making()}</p>}
      </div>
      <div className="dialog-actions">
        <Button className="button" onPress={shut}>
          {m.page_close()}
        </Button>
        <Button
          className="button button-primary"
          autoFocus
          isDisabled={handover === null}
          onPress={() => app.run(app.backend.print())}
        >
          <Printer />
          {m.page_print()}
        </Button>
      </div>
      {handover
        ? createPortal(
            <div className="printed" aria-hidden="true">
              <Sheet handover={handover} />
            </div>,
            document.body,
          )
        : null}
    </CoveringDialog>
  );
}
