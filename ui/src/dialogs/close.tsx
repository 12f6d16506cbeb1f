import { Button } from "react-aria-components";
import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { wallsLeftOpen } from "../words/counts";

/** Asked when the page's window closes while walls on other monitors are open. */
export function CloseDialog() {
  const app = useApp();
  const walls = useStore(app.desk, (desk) => desk.walls.filter((wall) => wall.id !== 0).length);
  const shut = () => app.view.patch({ dialog: null });
  const quit = (how: "keep" | "close") => {
    shut();
    app.run(app.backend.quit(how));
  };
  return (
    <CoveringDialog title={m.page_close_title()} alert onClose={shut}>
      <p className="dialog-text">{wallsLeftOpen(walls)}</p>
      <div className="dialog-actions">
        <Button className="button" onPress={shut}>
          {m.page_cancel()}
        </Button>
        <Button className="button" onPress={() => quit("close")}>
          {m.page_close_all()}
        </Button>
        <Button className="button button-primary" autoFocus onPress={() => quit("keep")}>
          {m.page_close_keep()}
        </Button>
      </div>
    </CoveringDialog>
  );
}
