import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { Signals } from "../parts/signals";
import { useApp } from "../state/app";
import { useStore } from "../state/store";

type Shortcut = { keys: string[]; does: () => string };
type Group = { title: () => string; shortcuts: Shortcut[] };

// What is printed on the keys is the same in both languages.
const GROUPS: Group[] = [
  {
    title: m.page_help_wall,
    shortcuts: [
      { keys: ["←", "↑", "→", "↓"], does: m.page_help_move },
      { keys: ["Ctrl + ←↑→↓"], does: m.page_help_swap },
      { keys: ["Enter"], does: m.page_help_enlarge },
      { keys: ["Esc"], does: m.page_help_back },
      { keys: ["Delete"], does: m.page_help_remove },
      { keys: ["PageUp", "PageDown"], does: m.page_help_pages },
      { keys: ["P"], does: m.page_help_turning },
      { keys: ["Shift + F10"], does: m.page_help_menu },
    ],
  },
  {
    title: m.page_help_picture,
    shortcuts: [
      { keys: ["A"], does: m.page_help_fit },
      { keys: ["T"], does: m.page_help_turn },
      { keys: ["S"], does: m.page_help_save },
      { keys: ["C"], does: m.page_help_captions },
      { keys: ["D"], does: m.page_help_bookmark },
      { keys: ["U"], does: m.page_help_sound },
    ],
  },
  {
    title: m.page_look,
    shortcuts: [
      { keys: ["Ctrl + +", "Ctrl + -", "Ctrl + 0"], does: m.page_help_look_zoom },
      { keys: ["Shift + ←↑→↓"], does: m.page_help_look_move },
      { keys: ["V"], does: m.page_help_look_mode },
      { keys: ["←", "↑", "→", "↓"], does: m.page_help_ptz_turn },
      { keys: ["1", "…", "9"], does: m.page_help_ptz_preset },
      { keys: ["[", "]"], does: m.page_help_look_rotate },
      { keys: ["Esc"], does: m.page_help_look_end },
    ],
  },
  {
    title: m.page_playback,
    shortcuts: [
      { keys: ["R"], does: m.page_help_playback },
      { keys: ["Space"], does: m.page_help_playback_play },
      { keys: ["Shift + Space"], does: m.page_help_playback_hold },
      { keys: [",", "."], does: m.page_help_playback_step },
      { keys: ["Shift + ,", "Shift + ."], does: m.page_help_playback_speed },
      { keys: ["B"], does: m.page_playback_reverse },
      { keys: ["J", "K"], does: m.page_help_playback_skip },
      { keys: ["Shift + J", "Shift + K"], does: m.page_help_playback_event },
      { keys: ["Shift + L"], does: m.page_help_playback_repeat },
      { keys: ["Shift + F"], does: m.page_motion },
      { keys: ["G"], does: m.page_playback_go },
      { keys: ["←", "→", "Shift + ←→"], does: m.page_help_playback_line },
    ],
  },
  {
    title: m.page_help_layout,
    shortcuts: [
      { keys: ["1", "…", "8"], does: m.page_help_grid },
      { keys: ["9"], does: m.page_help_1_5 },
      { keys: ["0"], does: m.page_help_1_7 },
      { keys: ["-"], does: m.page_help_1_12 },
      { keys: ["O"], does: m.page_overview },
      { keys: ["E"], does: m.page_help_edit },
      { keys: ["M"], does: m.page_help_merge_right },
      { keys: ["Shift + M"], does: m.page_help_merge_below },
      { keys: ["X"], does: m.page_help_split },
      { keys: ["H"], does: m.page_help_hotspot },
      { keys: ["L"], does: m.page_saved },
    ],
  },
  {
    title: m.page_help_everywhere,
    shortcuts: [
      { keys: ["/", "Ctrl + F"], does: m.page_help_search },
      { keys: ["Ctrl + B"], does: m.page_help_sidebar },
      { keys: ["F", "F11"], does: m.page_help_full },
      { keys: ["W"], does: m.page_help_walls },
      { keys: ["N"], does: m.page_news_bell },
      { keys: ["Z", "Ctrl + Z"], does: m.page_help_undo },
      { keys: ["Ctrl + Y", "Ctrl + Shift + Z"], does: m.page_help_redo },
      { keys: ["Alt + 1", "…", "9"], does: m.page_help_workspaces },
      { keys: ["Ctrl + L"], does: m.page_help_lock },
      { keys: ["?"], does: m.page_help_help },
    ],
  },
  {
    title: m.page_help_list,
    shortcuts: [
      { keys: ["Enter"], does: m.page_help_place },
      { keys: ["A", "…", "Z"], does: m.page_help_jump },
      { keys: ["→", "←"], does: m.page_help_open },
    ],
  },
  {
    title: m.page_work_map_full,
    shortcuts: [
      { keys: ["←", "↑", "→", "↓"], does: m.page_help_map_move },
      { keys: ["Enter"], does: m.page_help_map_open },
      { keys: ["+", "-", "0"], does: m.page_help_map_zoom },
    ],
  },
  {
    title: m.page_work_health_full,
    shortcuts: [
      { keys: ["↑", "↓"], does: m.page_help_board_move },
      { keys: ["Enter"], does: m.page_help_place },
    ],
  },
  {
    title: m.page_tours,
    shortcuts: [{ keys: ["↑", "↓"], does: m.page_help_tour_move }],
  },
  {
    title: m.page_help_mouse,
    shortcuts: [
      { keys: ["Ctrl"], does: m.page_help_drag_ctrl },
      { keys: ["Shift"], does: m.page_help_drag_shift },
      { keys: ["Ctrl + ↕"], does: m.page_help_wheel_zoom },
      { keys: ["Shift"], does: m.page_help_drag_region },
      { keys: ["Ctrl"], does: m.page_help_drag_tile },
    ],
  },
];

export function HelpDialog() {
  const app = useApp();
  const about = useStore(app.about);
  return (
    <CoveringDialog title={m.page_help()} wide onClose={() => app.view.patch({ dialog: null })}>
      <div className="help" tabIndex={0} role="region" aria-label={m.page_help()}>
        {GROUPS.map((group) => (
          <section key={group.title()} className="help-group">
            <h3>{group.title()}</h3>
            <dl>
              {group.shortcuts.map((shortcut) => (
                <div key={shortcut.does()} className="help-line">
                  <dt>
                    {shortcut.keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{shortcut.does()}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section className="help-group">
          <h3>{m.page_signals()}</h3>
          <p className="help-line">{m.page_signals_where()}</p>
          <Signals />
        </section>
      </div>
      <p className="help-about">{m.page_about({ version: about.version, province: about.province })}</p>
    </CoveringDialog>
  );
}
