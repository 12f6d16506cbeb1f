import { Button, Radio, RadioGroup } from "react-aria-components";
import { ArrowLeft, MonitorUp } from "lucide-react";
import { ConditionIcon } from "../health/condition-mark";
import { CONDITIONS } from "../health/standing";
import { conditionInWords } from "../health/words";
import type { Board, Condition, Id, Zone } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { useApp } from "../state/app";
import { camerasOfSite } from "../state/inventory";
import { cameras as camerasInWords } from "../words/counts";
import { mayWatch, showOnWall } from "../workspaces/to-wall";
import type { Placed, Standing } from "./standings";
import { ZONES, zoneInWords, ZoneSign } from "./zones";

type Props = { placed: Placed; standing: Standing | undefined; board: Board | null; onBack: (() => void) | null };

/** A site: how its cameras stand, the way to the wall, the zone. */
export function SiteCard({ placed: { site, district }, standing, board, onBack }: Props) {
  const app = useApp();
  const watching = mayWatch(app);
  const known = new Map(board?.cameras.map((health) => [health.id, health]));
  const conditionOf = (id: Id): Condition => known.get(id)?.condition ?? "unknown";
  const cameras = camerasOfSite(site);
  return (
    <div className="site-card">
      <header>
        {onBack ? (
          <Button className="icon-button" aria-label={m.page_back()} onPress={onBack}>
            <ArrowLeft />
          </Button>
        ) : (
          <ZoneSign zone={site.zone} />
        )}
        <div>
          <h2>
            <bdi>{site.name}</bdi>
          </h2>
          <p className="quiet">
            <bdi>{district.name}</bdi> · {camerasInWords(cameras.length)}
          </p>
        </div>
      </header>
      {standing ? (
        <ul className="site-tally" aria-label={m.page_board_condition()}>
          {CONDITIONS.filter((condition) => standing.tally[condition] > 0).map((condition) => (
            <li key={condition} className="condition" data-condition={condition}>
              <ConditionIcon condition={condition} />
              {m.page_map_count({ count: standing.tally[condition], state: conditionInWords(condition) })}
            </li>
          ))}
        </ul>
      ) : null}
      <ul className="site-cameras">
        {cameras.map((camera) => {
          const condition = conditionOf(camera.id);
          return (
            <li key={camera.id}>
              <Button
                className="site-camera"
                isDisabled={!watching}
                onPress={() => showOnWall(app, { kind: "camera", id: camera.id })}
              >
                <ConditionIcon condition={condition} />
                <bdi>{camera.name}</bdi>
                <span className="unseen">{conditionInWords(condition)}</span>
                {known.get(camera.id)?.text ? <span className="quiet">{known.get(camera.id)?.text}</span> : null}
              </Button>
            </li>
          );
        })}
      </ul>
      {watching ? (
        <div className="site-actions">
          <Button className="button button-primary" onPress={() => showOnWall(app, { kind: "site", id: site.id })}>
            <MonitorUp />
            {m.page_map_site_to_wall()}
          </Button>
        </div>
      ) : null}
      {app.may("mark_zones") ? <ZoneChoice site={site.id} zone={site.zone} /> : null}
    </div>
  );
}

function ZoneChoice({ site, zone }: { site: Id; zone: Zone | null }) {
  const app = useApp();
  return (
    <RadioGroup
      className="zone-choice"
      orientation="horizontal"
      aria-label={m.page_map_mark_zone()}
      value={zone ?? "none"}
      onChange={(value) => app.run(app.backend.markZone({ site, zone: ZONES.find((each) => each === value) ?? null }))}
    >
      {[null, ...ZONES].map((each) => (
        <Radio key={each} value={each ?? "none"} className="zone-radio" aria-label={zoneInWords(each)}>
          <ZoneSign zone={each} />
          <span>{zoneInWords(each)}</span>
        </Radio>
      ))}
    </RadioGroup>
  );
}
