// Places in recordings that somebody wants to find again.

import { useState } from "react";
import { Pencil, Trash2 } from "lucide-react";
import type { Bookmark } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { IconButton } from "../parts/icon-button";
import { PaneSearch } from "../parts/pane-search";
import { Question } from "../parts/question";
import { fold } from "../search/fold";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { PlayButton } from "./incident-detail";
import { cameraNames } from "./names";
import { SafeCell } from "./safe-cell";
import { fromPeriod, spanInWords } from "./times";

export function BookmarksList() {
  const app = useApp();
  const inventory = useStore(app.inventory);
  const { bookmarks } = useStore(app.incidents);
  const [text, setText] = useState("");
  const wanted = fold(text).split(" ").filter(Boolean);
  const shown = bookmarks.filter((bookmark) => {
    const all = fold(`${bookmark.words} ${bookmark.by} ${cameraNames(inventory, bookmark.cameras)}`);
    return wanted.every((word) => all.includes(word));
  });
  return (
    <section className="bookmarks" aria-label={m.page_bookmarks()}>
      <PaneSearch label={m.page_incidents_search()} value={text} onChange={setText} />
      {shown.length === 0 ? (
        <div className="nothing" role="status">
          <p>{m.page_bookmarks_none()}</p>
          <p className="nothing-hint">{m.page_bookmarks_none_hint()}</p>
        </div>
      ) : (
        <BookmarksTable bookmarks={shown} incidents />
      )}
    </section>
  );
}

export function BookmarksTable({ bookmarks, incidents = false }: { bookmarks: Bookmark[]; incidents?: boolean }) {
  const app = useApp();
  const inventory = useStore(app.inventory);
  const book = useStore(app.incidents);
  const [removing, setRemoving] = useState<Bookmark | null>(null);
  const titleOf = (bookmark: Bookmark) => book.incidents.find((incident) => incident.id === bookmark.incident)?.title ?? "–";
  const edit = (bookmark: Bookmark) => {
    const { id, cameras, words, incident } = bookmark;
    app.view.patch({ dialog: { bookmark: { id, cameras, words, incident, ...fromPeriod(bookmark.period) } } });
  };
  return (
    <>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{m.page_bookmark_words()}</th>
            <th scope="col">{m.page_bookmark_cameras()}</th>
            <th scope="col">{m.page_handover_when()}</th>
            {incidents ? <th scope="col">{m.page_incidents()}</th> : null}
            <th scope="col">{m.page_record_person()}</th>
            <th scope="col">{m.page_safe()}</th>
            <th scope="col">
              <span className="unseen">{m.page_actions()}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {bookmarks.map((bookmark) => (
            <tr key={bookmark.id}>
              <th scope="row">{bookmark.words ? <bdi>{bookmark.words}</bdi> : <span className="quiet">{m.page_bookmark_unnamed()}</span>}</th>
              <td>
                <bdi>{cameraNames(inventory, bookmark.cameras)}</bdi>
              </td>
              <td>{spanInWords(fromPeriod(bookmark.period))}</td>
              {incidents ? (
                <td>
                  <bdi>{titleOf(bookmark)}</bdi>
                </td>
              ) : null}
              <td>
                <bdi>{bookmark.by}</bdi>
              </td>
              <td>
                <SafeCell bookmark={bookmark} />
              </td>
              <td className="table-actions">
                <PlayButton cameras={bookmark.cameras} at={bookmark.period.from / 1000} />
                {bookmark.own ? (
                  <>
                    <IconButton label={m.page_bookmark_edit()} onPress={() => edit(bookmark)}>
                      <Pencil />
                    </IconButton>
                    <IconButton label={m.page_bookmark_remove()} onPress={() => setRemoving(bookmark)}>
                      <Trash2 />
                    </IconButton>
                  </>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {removing ? (
        <Question
          title={m.page_bookmark_remove()}
          yes={m.page_bookmark_remove()}
          onYes={() => app.run(app.backend.removeBookmark(removing.id))}
          onClose={() => setRemoving(null)}
        >
          {m.page_bookmark_remove_text({ words: removing.words || m.page_bookmark_unnamed() })}
        </Question>
      ) : null}
    </>
  );
}
