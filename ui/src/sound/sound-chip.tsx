import { useEffect, useRef } from "react";
import { Button, Slider, SliderThumb, SliderTrack } from "react-aria-components";
import { Mic, Volume1, Volume2, VolumeX } from "lucide-react";
import type { Listening } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { IconButton } from "../parts/icon-button";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { toggleSound } from "./listening";
import { speak } from "./talking";

/** What is heard and how loud; there only while sound is on. */
export function SoundChip() {
  const app = useApp();
  const on = useStore(app.soundOn);
  const listening = useStore(app.listening);
  const volume = useStore(app.settings, (settings) => settings.volume);
  const places = useStore(app.inventory, (inventory) => inventory.places);
  if (!on) return null;
  const name = listening ? (places.get(listening.camera)?.camera.name ?? listening.camera) : "";
  const heard = listening?.standing === "heard";
  return (
    <div className="sound-chip" data-standing={listening?.standing ?? "none"}>
      <IconButton label={m.page_sound_off()} keys="U" preventFocusOnPress onPress={() => toggleSound(app)}>
        {!heard ? <VolumeX /> : volume > 40 ? <Volume2 /> : <Volume1 />}
      </IconButton>
      <span className="sound-words" role="status">
        {listening ? inWords(listening, name) : m.page_sound_nothing()}
      </span>
      {listening && listening.talk !== "not_offered" ? <TalkButton listening={listening} /> : null}
      <Slider
        className="sound-volume"
        aria-label={m.page_sound_volume()}
        minValue={0}
        maxValue={100}
        step={5}
        value={volume}
        onChange={(value) => app.setSettings({ volume: value as number })}
      >
        <SliderTrack className="sound-track">
          <SliderThumb className="sound-thumb" />
        </SliderTrack>
      </Slider>
    </div>
  );
}

/** Speaks as long as it is held, by pointer, Enter or Space. */
function TalkButton({ listening }: { listening: Listening }) {
  const app = useApp();
  const ends = useRef<(() => void) | null>(null);
  const end = () => {
    ends.current?.();
    ends.current = null;
  };
  // Another camera, or no sound any more, while it is held.
  useEffect(() => end, [listening.camera]);
  return (
    <>
      <Button
        className="button sound-talk"
        data-speaking={listening.talk === "speaking" || undefined}
        onPressStart={() => {
          end();
          ends.current = speak(app, listening.camera);
        }}
        onPressEnd={end}
      >
        <Mic />
        {talkInWords(listening)}
      </Button>
      {listening.talk === "failed" ? (
        <span className="sound-words" role="status">
          {m.page_talk_failed({ detail: listening.talk_detail })}
        </span>
      ) : null}
    </>
  );
}

function talkInWords({ talk }: Listening): string {
  if (talk === "opening") return m.page_talk_opening();
  return talk === "speaking" ? m.page_talk_speaking() : m.page_talk();
}

function inWords({ standing, detail }: Listening, camera: string): string {
  switch (standing) {
    case "heard":
      return m.page_sound_heard({ camera });
    case "waiting":
      return m.page_sound_waiting({ camera });
    case "silent":
      return m.page_sound_silent({ camera });
    case "other_speed":
      return m.page_sound_other_speed();
    case "not_kept":
      return m.page_sound_not_kept();
    case "failed":
      return m.page_sound_failed({ camera, detail });
  }
}
