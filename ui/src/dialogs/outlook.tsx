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
  const [best] = foreseen.instead;
  return (
    <CoveringDialog title={m.page_foreseen_title()} alert onClose={shut}>
      <p className="dialog-text">{foreseen.text}</p>
      {best ? (
        <div className="dialog-offers">
          {foreseen.instead.map((instead) => (
            <Button
              key={instead.text}
              className={instead === best ? "button button-primary" : "button"}
              autoFocus={instead === best}
              onPress={() => go(instead.acts)}
            >
              {instead.text}
            </Button>
          ))}
        </div>
      ) : null}
      <div className="dialog-actions">
        <Button className="button" onPress={shut}>
          {m.page_cancel()}
        </Button>
        <Button className="button" autoFocus={!best} onPress={() => go([act])}>
          {m.page_foreseen_anyway()}
        </Button>
      </div>
    </CoveringDialog>
  );
}
