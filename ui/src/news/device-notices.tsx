import { Button } from "react-aria-components";
import { Check, CircleAlert, Move, ShieldAlert, VideoOff } from "lucide-react";
import type { ReactNode } from "react";
import type { DeviceNotice, EventKind } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { IconButton } from "../parts/icon-button";
import { EVENT_NAMES } from "../rules/words";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { clock, exactly } from "../words/times";
import { mayWatch, showOnWall } from "../workspaces/to-wall";

const ICONS: Record<EventKind, ReactNode> = {
  motion: <Move />,
  tampering: <ShieldAlert />,
  video_loss: <VideoOff />,
  alarm_input: <CircleAlert />,
};
/** What devices have noticed by themselves; a storm of it is one line. */
export function DeviceNotices({ onDone }: { onDone: () => void }) {
  const app = useApp();
  const notices = useStore(app.notices);
  const fresh = notices.filter((notice) => !notice.acknowledged);
  if (notices.length === 0) return null;
  return (
    <section aria-label={m.page_events()}>
      <div className="news-head">
        <h2>{m.page_events()}</h2>
        {fresh.length > 0 ? (
          <Button className="link-button" onPress={() => app.run(app.backend.acknowledgeNotices(fresh.map(({ line }) => line)))}>
            {m.page_events_seen_all()}
          </Button>
        ) : null}
      </div>
      <ul>
        {notices.map((notice) => (
          <li key={notice.line} className="notice-line">
            <Row notice={notice} onDone={onDone} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Row({ notice, onDone }: { notice: DeviceNotice; onDone: () => void }) {
  const app = useApp();
  const { camera, site, event } = notice;
  const language = useStore(app.settings, (settings) => settings.language);
  const inventory = useStore(app.inventory);
  const place = camera === null ? undefined : inventory.places.get(camera);
  const name = place?.camera.name ?? inventory.sites.get(site)?.name ?? site;
  const words = [
    EVENT_NAMES[event](),
    notice.count > 1 ? m.page_event_times({ count: notice.count }) : null,
    notice.cameras > 1 ? m.page_event_cameras({ count: notice.cameras }) : null,
    notice.active ? m.page_event_goes_on() : null,
  ];
  return (
    <>
      <Button
        className="news-row"
        data-event={event}
        data-seen={notice.acknowledged || undefined}
        isDisabled={camera === null || !mayWatch(app)}
        onPress={() => {
          onDone();
          if (camera !== null) showOnWall(app, { kind: "camera", id: camera });
        }}
      >
        {ICONS[event]}
        <span className="news-words">
          <bdi>{name}</bdi>
          <span className="quiet">{words.filter((word) => word !== null).join(" · ")}</span>
        </span>
        <time title={exactly(notice.last, language)}>{clock(notice.last, language)}</time>
      </Button>
      {notice.acknowledged ? null : (
        <IconButton label={m.page_event_seen({ name })} onPress={() => app.run(app.backend.acknowledgeNotices([notice.line]))}>
          <Check />
        </IconButton>
      )}
    </>
  );
}
