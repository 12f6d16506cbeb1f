// What holds for the whole program on this machine.

import type { ReactNode } from "react";
import { Button, Switch } from "react-aria-components";
import { Volume2 } from "lucide-react";
import type { Language, Theme } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { Choices } from "../parts/choices";
import { RulesForm } from "../rules/rules-form";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { Frame } from "../workspaces/frame";
import { SharingForm } from "./sharing";

const LOCK_MINUTES = [0, 5, 10, 15, 30, 60];

export function SettingsView() {
  const app = useApp();
  const settings = useStore(app.settings);
  // Whatever was set elsewhere stays a choice.
  const minutes = LOCK_MINUTES.includes(settings.lock_after)
    ? LOCK_MINUTES
    : [...LOCK_MINUTES, settings.lock_after].sort((a, b) => a - b);
  return (
    <Frame workspace="settings">
      <div className="settings">
        <Section title={m.page_settings_look()}>
          <Choices<Language>
            label={m.page_language()}
            value={settings.language}
            choices={[
              { key: "vi", label: m.page_language_vi() },
              { key: "en", label: m.page_language_en() },
            ]}
            onChange={(language) => app.setSettings({ language })}
          />
          <Choices<Theme>
            label={m.page_theme()}
            value={settings.theme}
            choices={[
              { key: "dark", label: m.page_theme_dark() },
              { key: "light", label: m.page_theme_light() },
              { key: "system", label: m.page_theme_system() },
            ]}
            onChange={(theme) => app.setSettings({ theme })}
          />
          <OnOff
            label={m.page_captions()}
            hint={m.page_settings_captions_hint()}
            value={settings.captions}
            onChange={(captions) => app.setSettings({ captions })}
          />
        </Section>
        <Section title={m.page_settings_sound()}>
          <OnOff
            label={m.page_settings_sounds()}
            hint={m.page_settings_sounds_hint()}
            value={settings.sounds}
            onChange={(sounds) => app.setSettings({ sounds })}
          />
          <div className="settings-samples">
            <Button className="button" onPress={() => app.sounds.sample("lost")}>
              <Volume2 />
              {m.page_settings_sample_lost()}
            </Button>
            <Button className="button" onPress={() => app.sounds.sample("back")}>
              <Volume2 />
              {m.page_settings_sample_back()}
            </Button>
          </div>
        </Section>
        <Section title={m.page_settings_lock()}>
          <Choices<string>
            label={m.page_settings_lock_after()}
            hint={m.page_settings_lock_hint()}
            value={String(settings.lock_after)}
            choices={minutes.map((count) => ({
              key: String(count),
              label: count === 0 ? m.page_settings_lock_never() : m.page_settings_minutes({ count }),
            }))}
            onChange={(count) => app.setSettings({ lock_after: Number(count) })}
          />
        </Section>
        {app.may("share_layouts") ? (
          <Section title={m.page_alarm_rules()}>
            <RulesForm />
          </Section>
        ) : null}
        {app.may("manage_settings") ? (
          <Section title={m.page_sharing()}>
            <SharingForm />
          </Section>
        ) : null}
      </div>
    </Frame>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="settings-section">
      <h2>{title}</h2>
      <div>{children}</div>
    </section>
  );
}

type OnOffProps = { label: string; hint: string; value: boolean; onChange: (value: boolean) => void };

function OnOff({ label, hint, value, onChange }: OnOffProps) {
  return (
    <div className="on-off">
      <Switch className="switch-button" isSelected={value} onChange={onChange}>
        <span className="switch-track" aria-hidden="true" />
        {label}
      </Switch>
      <p className="field-hint">{hint}</p>
    </div>
  );
}
