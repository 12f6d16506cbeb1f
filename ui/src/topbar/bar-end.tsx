// The end of every bar, whatever the workspace: what holds for the whole console and for who works there.

import { NewsBell } from "../news/news-bell";
import { DemoMark } from "../session/demo-mark";
import { PersonMenu } from "../session/person-menu";

export function BarEnd() {
  return (
    <div className="bar-group bar-end">
      <DemoMark />
      <NewsBell />
      <PersonMenu />
    </div>
  );
}
