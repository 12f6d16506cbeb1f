// The sheet for the next shift, as it is printed: A4, black on white, in the page's language.

import { useId } from "react";
import type { Handover, HandoverCamera, Language } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { inOrder, exactly } from "../words/times";

export function Sheet({ handover }: { handover: Handover }) {
  const app = useApp();
  const language = useStore(app.settings, (settings) => settings.language);
  const { province } = useStore(app.about);
  const { made, began, person, workstation, dark, left, news, walls, anchor } = handover;
  return (
    <article className="sheet">
      <header>
        <h1>{m.page_handover_title()}</h1>
        <p>
          {province} · <bdi>{workstation}</bdi>
        </p>
      </header>
      <dl className="sheet-facts">
        <div>
          <dt>{m.page_handover_person()}</dt>
          <dd>
            <bdi>{person}</bdi>
          </dd>
        </div>
        <div>
          <dt>{m.page_handover_from()}</dt>
          <dd>{exactly(began, language)}</dd>
        </div>
        <div>
          <dt>{m.page_handover_until()}</dt>
          <dd>{exactly(made, language)}</dd>
        </div>
      </dl>
      <Dark cameras={dark} language={language} />
      <Left left={left} language={language} />
      <News news={news} language={language} />
      <section>
        <h2>{m.page_handover_walls()}</h2>
        {walls.length === 0 ? <p>{m.page_handover_no_walls()}</p> : null}
        <ul>
          {walls.map((wall, index) => (
            <li key={index}>
              <bdi>{wall}</bdi>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h2>{m.page_handover_notes()}</h2>
        <div className="sheet-notes" aria-hidden="true">
          <span />
          <span />
          <span />
        </div>
      </section>
      <footer>
        <div className="sheet-signatures">
          <Signature name={m.page_handover_giver()} />
          <Signature name={m.page_handover_taker()} />
        </div>
        <p className="sheet-anchor">
          {m.page_handover_anchor()} <code>{anchor}</code>
        </p>
      </footer>
    </article>
  );
}

function Signature({ name }: { name: string }) {
  return (
    <div>
      <p>{name}</p>
      <p className="sheet-line">{m.page_handover_sign()}</p>
    </div>
  );
}

function Dark({ cameras, language }: { cameras: Handover["dark"]; language: Language }) {
  const sorted = cameras.toSorted(
    (a, b) =>
      inOrder(a.district, b.district, language) || inOrder(a.site, b.site, language) || inOrder(a.camera, b.camera, language),
  );
  return <Cameras title={m.page_handover_dark({ count: cameras.length })} cameras={sorted} language={language} />;
}

/** What else is left: a section a kind, and none where nothing is. */
function Left({ left, language }: { left: Handover["left"]; language: Language }) {
  const title = ({ kind, cameras: { length: count } }: Handover["left"][number]) =>
    kind === "moved" ? m.page_handover_moved({ count }) : m.page_handover_incidents({ count });
  return left.map((section) => (
    <Cameras key={section.kind} title={title(section)} cameras={section.cameras} language={language} />
  ));
}

type CamerasProps = { title: string; cameras: HandoverCamera[]; language: Language };

function Cameras({ title, cameras, language }: CamerasProps) {
  const heading = useId();
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading}>{title}</h2>
      {cameras.length === 0 ? (
        <p>{m.page_handover_no_dark()}</p>
      ) : (
        <table className="sheet-cameras">
          <thead>
            <tr>
              <th scope="col">{m.page_board_camera()}</th>
              <th scope="col">{m.page_board_site()}</th>
              <th scope="col">{m.page_handover_why()}</th>
              <th scope="col">{m.page_handover_since()}</th>
            </tr>
          </thead>
          <tbody>
            {cameras.map((camera, index) => (
              <tr key={index}>
                <td>
                  <bdi>{camera.camera}</bdi>
                </td>
                <td>
                  <bdi>{camera.site}</bdi>, <bdi>{camera.district}</bdi>
                </td>
                <td>{camera.text}</td>
                <td className="sheet-time">{camera.since === null ? m.page_handover_unknown() : exactly(camera.since, language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function News({ news, language }: { news: Handover["news"]; language: Language }) {
  const heading = useId();
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading}>{m.page_handover_news({ count: news.length })}</h2>
      {news.length === 0 ? (
        <p>{m.page_handover_no_news()}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{m.page_handover_when()}</th>
              <th scope="col">{m.page_board_camera()}</th>
              <th scope="col">{m.page_handover_what()}</th>
            </tr>
          </thead>
          <tbody>
            {news
              .toSorted((a, b) => a.at - b.at)
              .map((each, index) => (
                <tr key={index}>
                  <td className="sheet-time">{exactly(each.at, language)}</td>
                  <td>
                    <bdi>{each.name}</bdi>
                  </td>
                  <td>
                    {each.lost ? m.page_news_lost() : m.page_news_back()}. {each.text}
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
