import { Button, Menu, MenuTrigger, Separator, ToggleButton, ToggleButtonGroup } from "react-aria-components";
import {
  Captions,
  CaptionsOff,
  ChevronDown,
  CircleHelp,
  Ellipsis,
  Fullscreen,
  History,
  Languages,
  MonitorUp,
  Moon,
  PanelLeft,
  PencilRuler,
  Redo2,
  Sun,
  SunMoon,
  Timer,
  Undo2,
} from "lucide-react";
import type { Language, Theme } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringPopover } from "../parts/covering";
import { IconButton, IconToggle } from "../parts/icon-button";
import { MenuChoice, MenuEntry, Submenu } from "../parts/menu";
import { NARROW, TIGHT, useMedia } from "../parts/media";
import { toggle } from "../playback/commands";
import { RunningTourMark } from "../saved/running-tour";
import { SavedLayouts } from "../saved/saved-layouts";
import { useApp, type App } from "../state/app";
import { useStore } from "../state/store";
import { BarEnd } from "./bar-end";
import { LayoutPicker } from "./layout-picker";
import { Pages, TurningChoice } from "./pages";
import { WallChoices, WallsMenu, WallTabs } from "./walls";

/** Where it is narrow, everything but the layout, the pages and the walls stands in one menu. */
export function TopBar() {
  const narrow = useMedia(NARROW);
  const tight = useMedia(TIGHT);
  return (
    <header className="top-bar">
      <SidebarToggle />
      {narrow ? <span className="bar-space" /> : <WallTabs />}
      <RunningTourMark />
      <LayoutPicker />
      <SavedLayouts narrow={narrow} />
      <EditToggle />
      <PlaybackToggle />
      {narrow ? null : <Steps />}
      <Pages />
      <Walls narrow={tight} />
      {narrow ? <Everything /> : <Preferences />}
      <BarEnd />
    </header>
  );
}

function SidebarToggle() {
  const app = useApp();
  const shown = useStore(app.view, (view) => view.sidebar);
  return (
    <IconToggle
      label={m.page_sidebar()}
      keys="Ctrl+B"
      isSelected={shown}
      onChange={(sidebar) => app.view.patch({ sidebar })}
    >
      <PanelLeft />
    </IconToggle>
  );
}

function EditToggle() {
  const app = useApp();
  const editing = useStore(app.view, (view) => view.editing);
  return (
    <IconToggle
      label={m.page_edit_layout()}
      keys="E"
      className="mode"
      isSelected={editing}
      onChange={(next) => app.view.patch({ editing: next })}
    >
      <PencilRuler />
    </IconToggle>
  );
}

function PlaybackToggle() {
  const app = useApp();
  const wall = useStore(app.view, (view) => view.wall);
  const plays = useStore(app.playback, (walls) => walls.has(wall));
  if (!app.may("playback")) return null;
  return (
    <IconToggle label={m.page_playback_toggle()} keys="R" className="mode" isSelected={plays} onChange={() => toggle(app)}>
      <History />
    </IconToggle>
  );
}

function Steps() {
  const app = useApp();
  const desk = useStore(app.desk);
  return (
    <div className="bar-group" role="group" aria-label={m.page_steps()}>
      <IconButton label={m.page_undo()} keys="Ctrl+Z" isDisabled={!desk.can_undo} onPress={app.undo}>
        <Undo2 />
      </IconButton>
      <IconButton label={m.page_redo()} keys="Ctrl+Y" isDisabled={!desk.can_redo} onPress={app.redo}>
        <Redo2 />
      </IconButton>
    </div>
  );
}

function Walls({ narrow }: { narrow: boolean }) {
  return (
    <MenuTrigger>
      <Button className="text-button" id="walls-menu" aria-label={m.page_walls()}>
        <MonitorUp />
        {narrow ? null : <span>{m.page_walls()}</span>}
        <ChevronDown className="chevron" />
      </Button>
      <CoveringPopover>
        <WallsMenu />
      </CoveringPopover>
    </MenuTrigger>
  );
}

const THEME_ICONS = { dark: Moon, light: Sun, system: SunMoon };

function ThemeChoice({ heading = false }: { heading?: boolean }) {
  const app = useApp();
  const theme = useStore(app.settings, (settings) => settings.theme);
  return (
    <MenuChoice<Theme>
      label={m.page_theme()}
      heading={heading}
      chosen={theme}
      choices={[
        { key: "dark", label: m.page_theme_dark() },
        { key: "light", label: m.page_theme_light() },
        { key: "system", label: m.page_theme_system() },
      ]}
      onChoose={(next) => app.setSettings({ theme: next })}
    />
  );
}

/** Captions, theme, language and help, each with a button of its own. */
function Preferences() {
  const app = useApp();
  const { captions, theme, language } = useStore(app.settings);
  const ThemeIcon = THEME_ICONS[theme];
  return (
    <div className="bar-group" role="group" aria-label={m.page_settings()}>
      <IconToggle
        label={m.page_captions()}
        keys="C"
        isSelected={captions}
        onChange={(next) => app.setSettings({ captions: next })}
      >
        {captions ? <Captions /> : <CaptionsOff />}
      </IconToggle>
      <MenuTrigger>
        <IconButton label={m.page_theme()}>
          <ThemeIcon />
        </IconButton>
        <CoveringPopover>
          <Menu className="menu" aria-label={m.page_theme()}>
            <ThemeChoice />
          </Menu>
        </CoveringPopover>
      </MenuTrigger>
      <ToggleButtonGroup
        className="languages"
        aria-label={m.page_language()}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[language]}
        onSelectionChange={(keys) => app.setSettings({ language: [...keys][0] as Language })}
      >
        <ToggleButton id="vi" aria-label={m.page_language_vi()} className="tab">
          {m.page_language_vi_short()}
        </ToggleButton>
        <ToggleButton id="en" aria-label={m.page_language_en()} className="tab">
          {m.page_language_en_short()}
        </ToggleButton>
      </ToggleButtonGroup>
      <IconButton label={m.page_help()} keys="?" onPress={() => app.view.patch({ dialog: "help" })}>
        <CircleHelp />
      </IconButton>
    </div>
  );
}

/** All that the narrow bar leaves out. */
function Everything() {
  const app = useApp();
  const desk = useStore(app.desk);
  const settings = useStore(app.settings);
  return (
    <MenuTrigger>
      <IconButton label={m.page_more()}>
        <Ellipsis />
      </IconButton>
      <CoveringPopover>
        <Menu className="menu" aria-label={m.page_more()}>
          {desk.walls.length > 1 ? <WallChoices /> : null}
          <MenuEntry icon={<Undo2 />} label={m.page_undo()} keys="Ctrl+Z" isDisabled={!desk.can_undo} onAction={app.undo} />
          <MenuEntry icon={<Redo2 />} label={m.page_redo()} keys="Ctrl+Y" isDisabled={!desk.can_redo} onAction={app.redo} />
          <Separator />
          <MenuEntry icon={<Fullscreen />} label={m.page_full_wall()} keys="F" onAction={() => showFull(app)} />
          <Submenu icon={<Timer />} label={m.page_turning()}>
            <TurningChoice />
          </Submenu>
          <MenuEntry
            icon={settings.captions ? <CaptionsOff /> : <Captions />}
            label={settings.captions ? m.page_captions_hide() : m.page_captions_show()}
            keys="C"
            onAction={() => app.setSettings({ captions: !settings.captions })}
          />
          <Submenu icon={<SunMoon />} label={m.page_theme()}>
            <ThemeChoice />
          </Submenu>
          <Submenu icon={<Languages />} label={m.page_language()}>
            <MenuChoice<Language>
              label={m.page_language()}
              chosen={settings.language}
              choices={[
                { key: "vi", label: m.page_language_vi() },
                { key: "en", label: m.page_language_en() },
              ]}
              onChoose={(language) => app.setSettings({ language })}
            />
          </Submenu>
          <Separator />
          <MenuEntry
            icon={<CircleHelp />}
            label={m.page_help()}
            keys="?"
            onAction={() => app.view.patch({ dialog: "help" })}
          />
        </Menu>
      </CoveringPopover>
    </MenuTrigger>
  );
}

function showFull(app: App): void {
  app.view.patch({ full: true });
}
