import { useRef, type KeyboardEvent } from "react";
import { Button, TooltipTrigger } from "react-aria-components";
import { m } from "../paraglide/messages.js";
import { CoveringTooltip } from "../parts/covering";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { useHole } from "../surface/reporter";
import { offered } from "./shown";
import { fullName, ICONS, shortName } from "./words";
import { WORKSPACES } from "./workspaces";

const STEPS: Record<string, (at: number, count: number) => number> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at + count - 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** The way to the workspaces. One stop for Tab; arrows go along it, Enter goes there. */
export function Rail() {
  const app = useApp();
  const hole = useHole<HTMLElement>();
  const own = useRef<HTMLUListElement>(null);
  const current = useStore(app.view, (view) => view.workspace);
  const person = useStore(app.session, (session) => session?.person ?? null);
  const all = offered(person);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (!step) return;
    const buttons = [...(own.current?.querySelectorAll<HTMLButtonElement>("button") ?? [])];
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    buttons[step(at, buttons.length)]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <nav className="rail" ref={hole} aria-label={m.page_work()}>
      <ul ref={own} onKeyDownCapture={onKeyDown}>
        {all.map((workspace) => {
          const Icon = ICONS[workspace];
          const chosen = workspace === current;
          return (
            <li key={workspace}>
              <TooltipTrigger delay={600} closeDelay={0}>
                <Button
                  className="rail-button"
                  aria-label={fullName(workspace)}
                  aria-current={chosen ? "page" : undefined}
                  excludeFromTabOrder={!chosen}
                  onPress={() => app.go(workspace)}
                >
                  <Icon />
                  <span className="rail-name" aria-hidden="true">
                    {shortName(workspace)}
                  </span>
                </Button>
                <CoveringTooltip placement="right" keys={`Alt+${WORKSPACES.indexOf(workspace) + 1}`}>
                  {fullName(workspace)}
                </CoveringTooltip>
              </TooltipTrigger>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
