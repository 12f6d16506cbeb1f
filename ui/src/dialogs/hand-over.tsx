import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { Credentials } from "../session/credentials";
import { useApp } from "../state/app";

/** Change of shift: somebody else signs in, and the walls go on. */
export function HandOverDialog() {
  const app = useApp();
  const shut = () => app.view.patch({ dialog: null });
  return (
    <CoveringDialog title={m.page_hand_over()} onClose={shut}>
      <p className="dialog-text">{m.page_hand_over_text()}</p>
      <div className="dialog-form">
        <Credentials action={m.page_take_over()} enter={app.backend.handOver} onDone={shut} />
      </div>
    </CoveringDialog>
  );
}
