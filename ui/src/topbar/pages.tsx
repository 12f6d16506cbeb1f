import { Button, Menu, MenuTrigger } from "react-aria-components";
import { ChevronDown, ChevronLeft, ChevronRight, Timer, TimerOff } from "lucide-react";
import { m } from "../paraglide/messages.js";
import { CoveringPopover } from "../parts/covering";
import { IconButton } from "../parts/icon-button";
import { MenuChoice } from "../parts/menu";
import { useApp, wallInView } from "../state/app";
import { useStore } from "../state/store";
import { turnPage } from "../wall/commands";

const SECONDS = [5, 10, 20, 30, 60];

export function turningInWords(seconds: number | null): string {
  return seconds === null ? m.page_turning_off() : m.page_turning_seconds({ seconds });
}

export function TurningChoice({ heading = false }: { heading?: boolean }) {
  const app = useApp();
  const turning = useTurning();
  // A time that is not offered was set elsewhere and is not hidden.
  const offered = [...new Set([...SECONDS, ...(turning === null ? [] : [turning])])].sort((a, b) => a - b);
  return (
    <MenuChoice
      label={m.page_turning()}
      heading={heading}
      chosen={String(turning ?? "off")}
      choices={[
        { key: "off", label: m.page_turning_off() },
        ...offered.map((seconds) => ({ key: String(seconds), label: turningInWords(seconds) })),
      ]}
      onChoose={(key) => app.act({ kind: "turning", seconds: key === "off" ? null : Number(key) })}
    />
  );
}

function useTurning(): number | null {
  const app = useApp();
  const shown = useStore(app.view, (view) => view.wall);
  return useStore(app.desk, (desk) => wallInView(desk, shown).turning);
}

/** Which page, and whether pages turn by themselves. */
export function Pages() {
  const app = useApp();
  const turning = useTurning();
  const wall = wallInView(
    useStore(app.desk),
    useStore(app.view, (view) => view.wall),
  );
  const single = wall.pages <= 1;
  return (
    <div className="bar-group" role="group" aria-label={m.page_pages()}>
      <IconButton label={m.page_previous()} keys="PageUp" isDisabled={single} onPress={() => turnPage(app, -1)}>
        <ChevronLeft />
      </IconButton>
      <span className="page-number" data-single={single || undefined}>
        <span className="unseen">{m.page_page_of({ page: wall.page + 1, pages: wall.pages })}</span>
        <span aria-hidden="true">{m.page_share({ part: wall.page + 1, all: wall.pages })}</span>
      </span>
      <IconButton label={m.page_next()} keys="PageDown" isDisabled={single} onPress={() => turnPage(app, 1)}>
        <ChevronRight />
      </IconButton>
      <MenuTrigger>
        <Button
          className="text-button turning"
          aria-label={m.page_turning_current({ state: turningInWords(turning) })}
          data-on={turning !== null || undefined}
        >
          {turning === null ? <TimerOff /> : <Timer />}
          {turning === null ? null : <span>{turningInWords(turning)}</span>}
          <ChevronDown className="chevron" />
        </Button>
        <CoveringPopover>
          <Menu className="menu" aria-label={m.page_turning()}>
            <TurningChoice />
          </Menu>
        </CoveringPopover>
      </MenuTrigger>
    </div>
  );
}
