import { Button } from "react-aria-components";
import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { useApp } from "../state/app";
import { useStore } from "../state/store";

/** Asked before something that would leave cameras dark, or show those worse that are seen now. */
export function OutlookDialog() {
  const app = useApp();
  const doubt = useStore(app.outlook.doubt);
  if (!doubt) return null;
  const { wall, act, foreseen } = doubt;
  const shut = () => app.outlook.doubt.set(null);
  const go = (acts: (typeof act)[]) => {
    shut();
    for (const each of acts) app.act(each, wall);
  };
  const { instead } = foreseen;
  return (
    <CoveringDialog title={m.page_foreseen_title()} alert onClose={shut}>
      <p className="dialog-text">{foreseen.text}</p>
      <div className="dialog-actions">
        <Button className="button" onPress={shut}>
          {m.page_cancel()}
        </Button>
        <Button className="button" autoFocus={!instead} onPress={() => go([act])}>
          {m.page_foreseen_anyway()}
        </Button>
        {instead ? (
          <Button className="button button-primary" autoFocus onPress={() => go(instead.acts)}>
            {instead.text}
          </Button>
        ) : null}
      </div>
    </CoveringDialog>
  );
}
