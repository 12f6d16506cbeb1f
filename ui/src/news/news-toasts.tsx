import { Eye, EyeOff, X } from "lucide-react";
import { Button } from "react-aria-components";
import type { CameraNews } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { IconButton } from "../parts/icon-button";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { useHole } from "../surface/reporter";
import { camerasBack, camerasLost } from "../words/counts";
import { isolated } from "../words/names";
import { mayWatch, showOnWall } from "../workspaces/to-wall";
import { named } from "./gather";

const NAMES = 3;

/** What was lost and what came back, one notice of each kind however many cameras it is about. */
export function NewsToasts() {
  const { lost, back } = useStore(useApp().news.shown);
  return (
    <>
      {lost.length > 0 ? <NewsToast kind="lost" news={lost} /> : null}
      {back.length > 0 ? <NewsToast kind="back" news={back} /> : null}
    </>
  );
}

function NewsToast({ kind, news }: { kind: "lost" | "back"; news: CameraNews[] }) {
  const app = useApp();
  const hole = useHole<HTMLDivElement>();
  const { names, more, first } = named(news, NAMES);
  const Icon = kind === "lost" ? EyeOff : Eye;
  const list = names.map(isolated).join(", ");
  const words = more > 0 ? m.page_news_names_more({ names: list, more }) : list;
  return (
    <div ref={hole} className="toast" data-level={kind === "lost" ? "warning" : "info"} data-news={kind} role="status">
      <Icon aria-hidden="true" className="toast-icon" />
      <div className="toast-words">
        <p className="toast-title">{kind === "lost" ? camerasLost(news.length) : camerasBack(news.length)}</p>
        <p className="toast-detail">{words}</p>
        {news.length === 1 && news[0]?.text ? <p className="toast-detail">{news[0].text}</p> : null}
        {first && mayWatch(app) ? (
          <Button
            className="link-button"
            onPress={() => {
              app.news.dismiss(kind);
              if (news.length === 1) showOnWall(app, { kind: "camera", id: first });
              else app.news.show(true);
            }}
          >
            {news.length === 1 ? m.page_to_wall() : m.page_news_all()}
          </Button>
        ) : null}
      </div>
      <IconButton label={m.page_dismiss()} onPress={() => app.news.dismiss(kind)}>
        <X />
      </IconButton>
    </div>
  );
}
