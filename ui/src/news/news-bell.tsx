import { useEffect, useRef, type KeyboardEvent } from "react";
import { Button, Dialog, DialogTrigger } from "react-aria-components";
import { Bell, Eye, EyeOff } from "lucide-react";
import type { CameraNews } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringPopover } from "../parts/covering";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { clock, exactly } from "../words/times";
import { DeviceNotices } from "./device-notices";
import { mayOpen } from "../workspaces/workspaces";
import { mayWatch, showOnWall } from "../workspaces/to-wall";

/** What happened to cameras during this shift, behind a bell that counts what nobody has looked at. */
export function NewsBell() {
  const app = useApp();
  const unseen = useStore(app.news.unseen) + useStore(app.notices, (all) => all.filter((notice) => !notice.acknowledged && !notice.quiet).length);
  const open = useStore(app.news.open);
  const person = useStore(app.session, (session) => session?.person ?? null);
  if (!mayOpen(person, "health")) return null;
  return (
    <DialogTrigger
      isOpen={open}
      onOpenChange={app.news.show}
    >
      <Button className="icon-button news-bell" aria-label={unseen > 0 ? m.page_news_bell_unseen({ count: unseen }) : m.page_news_bell()}>
        <Bell />
        {unseen > 0 ? (
          <span className="news-count" aria-hidden="true">
            {unseen > 99 ? m.page_news_many() : unseen}
          </span>
        ) : null}
      </Button>
      <CoveringPopover placement="bottom end">
        <Dialog aria-label={m.page_news_bell()}>
          <History onDone={() => app.news.show(false)} />
        </Dialog>
      </CoveringPopover>
    </DialogTrigger>
  );
}

function History({ onDone }: { onDone: () => void }) {
  const app = useApp();
  const own = useRef<HTMLUListElement>(null);
  const history = useStore(app.news.history);
  useEffect(() => own.current?.querySelector("button")?.focus(), []);
  const watching = mayWatch(app);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const buttons = [...(own.current?.querySelectorAll("button") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[Math.min(Math.max(0, at + step), buttons.length - 1)]?.focus();
    event.preventDefault();
  };
  return (
    <div className="news">
      <DeviceNotices onDone={onDone} />
      <h2>{m.page_news_title()}</h2>
      {history.length === 0 ? <p className="quiet">{m.page_news_none()}</p> : null}
      <ul ref={own} onKeyDown={onKeyDown}>
        {history.map((news, index) => (
          <li key={`${news.id} ${news.at} ${index}`}>
            <NewsRow
              news={news}
              disabled={!watching}
              onPress={() => {
                onDone();
                showOnWall(app, { kind: "camera", id: news.id });
              }}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

function NewsRow({ news, disabled, onPress }: { news: CameraNews; disabled: boolean; onPress: () => void }) {
  const language = useStore(useApp().settings, (settings) => settings.language);
  const Icon = news.lost ? EyeOff : Eye;
  return (
    <Button className="news-row" data-lost={news.lost || undefined} isDisabled={disabled} onPress={onPress}>
      <Icon aria-hidden="true" />
      <span className="news-words">
        <bdi>{news.name}</bdi>
        <span className="quiet">
          {news.lost ? m.page_news_lost() : m.page_news_back()}
          {news.text ? ` · ${news.text}` : null}
        </span>
      </span>
      <time title={exactly(news.at, language)}>{clock(news.at, language)}</time>
    </Button>
  );
}
