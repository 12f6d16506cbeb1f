import { ToggleButton, ToggleButtonGroup, Menu, MenuSection, Header } from "react-aria-components";
import { ArrowRightLeft, Monitor as MonitorIcon, MonitorOff, MonitorUp } from "lucide-react";
import type { Monitor, Wall } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { MenuEntry, Submenu } from "../parts/menu";
import { useApp, wallInView } from "../state/app";
import { useStore } from "../state/store";
import { isolated } from "../words/names";

function nameOf(wall: Wall, number: number, monitors: Monitor[]): string {
  if (wall.id === 0) return m.page_wall_main();
  const monitor = monitors.find((each) => each.key === wall.monitor);
  return m.page_wall_on({ number, monitor: isolated(monitor?.name ?? wall.monitor ?? "") });
}

/** Which wall is being arranged. */
export function WallTabs() {
  const app = useApp();
  const desk = useStore(app.desk);
  const monitors = useStore(app.monitors);
  const figures = useStore(app.figures);
  const shown = wallInView(
    desk,
    useStore(app.view, (view) => view.wall),
  );
  return (
    <ToggleButtonGroup
      className="tabs"
      aria-label={m.page_walls_choose()}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[String(shown.id)]}
      onSelectionChange={(keys) => app.view.patch({ wall: Number([...keys][0]) })}
    >
      {desk.walls.map((wall, number) => {
        const state = figures?.walls.find((each) => each.id === wall.id);
        return (
          <ToggleButton key={wall.id} id={String(wall.id)} className="tab">
            <span className="tab-name">{nameOf(wall, number, monitors)}</span>
            {state && state.cameras > 0 ? (
              <span className="tab-count" data-short={state.live < state.cameras || undefined}>
                {m.page_share({ part: state.live, all: state.cameras })}
              </span>
            ) : null}
          </ToggleButton>
        );
      })}
    </ToggleButtonGroup>
  );
}

/** The same as a part of a menu, where the bar has no room for tabs. */
export function WallChoices() {
  const app = useApp();
  const desk = useStore(app.desk);
  const monitors = useStore(app.monitors);
  const shown = useStore(app.view, (view) => view.wall);
  return (
    <MenuSection
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[`wall-${shown}`]}
      onSelectionChange={(keys) => {
        const wall = desk.walls.find((each) => keys !== "all" && keys.has(`wall-${each.id}`));
        if (wall) app.view.patch({ wall: wall.id });
      }}
    >
      <Header>{m.page_walls_choose()}</Header>
      {desk.walls.map((wall, number) => (
        <MenuEntry key={wall.id} id={`wall-${wall.id}`} label={nameOf(wall, number, monitors)} />
      ))}
    </MenuSection>
  );
}

/** Walls on other monitors: open, move, close. */
export function WallsMenu() {
  const app = useApp();
  const desk = useStore(app.desk);
  const monitors = useStore(app.monitors);
  const free = monitors.filter((monitor) => !desk.walls.some((wall) => wall.monitor === monitor.key));
  const windows = desk.walls.map((wall, number) => ({ wall, number })).filter(({ wall }) => wall.id !== 0);
  const size = (monitor: Monitor) => m.page_monitor_size({ width: monitor.width, height: monitor.height });
  return (
    <Menu className="menu" aria-label={m.page_walls()}>
      <MenuSection>
        <Header>{m.page_walls_open()}</Header>
        {free.map((monitor) => (
          <MenuEntry
            key={monitor.key}
            icon={<MonitorUp />}
            label={isolated(monitor.name)}
            keys={size(monitor)}
            onAction={() => app.run(app.backend.openWall(monitor.key))}
          />
        ))}
        {free.length === 0 ? <MenuEntry icon={<MonitorIcon />} label={m.page_walls_no_monitor()} isDisabled /> : null}
      </MenuSection>
      {windows.length > 0 ? (
        <MenuSection>
          <Header>{m.page_walls_opened()}</Header>
          {windows.map(({ wall, number }) => (
            <Submenu key={wall.id} icon={<MonitorIcon />} label={nameOf(wall, number, monitors)}>
              <MenuEntry label={m.page_wall_arrange()} onAction={() => app.view.patch({ wall: wall.id })} />
              {free.map((monitor) => (
                <MenuEntry
                  key={monitor.key}
                  icon={<ArrowRightLeft />}
                  label={m.page_wall_move({ monitor: isolated(monitor.name) })}
                  onAction={() => app.run(app.backend.moveWall(wall.id, monitor.key))}
                />
              ))}
              <MenuEntry
                icon={<MonitorOff />}
                label={m.page_wall_close()}
                onAction={() => app.run(app.backend.closeWall(wall.id))}
              />
            </Submenu>
          ))}
        </MenuSection>
      ) : null}
    </Menu>
  );
}
