import { Label, Radio, RadioGroup, Text } from "react-aria-components";
import type { Pictures, Wall } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { useApp } from "../state/app";

const PICTURES: Pictures[] = ["best", "small", "key_frames"];

export function picturesInWords(pictures: Pictures): string {
  switch (pictures) {
    case "best":
      return m.page_pictures_best();
    case "small":
      return m.page_pictures_small();
    case "key_frames":
      return m.page_pictures_key_frames();
  }
}

/** Whether a wall shows the best that fits, or does with less so that more of them fit. */
export function PicturesChoice({ wall }: { wall: Wall }) {
  const app = useApp();
  return (
    <RadioGroup
      className="pictures"
      orientation="horizontal"
      value={wall.pictures}
      onChange={(pictures) => app.act({ kind: "pictures", pictures: pictures as Pictures }, wall.id)}
    >
      <Label>{m.page_pictures()}</Label>
      <div className="choices-all">
        {PICTURES.map((pictures) => (
          <Radio key={pictures} value={pictures} className="choice">
            {picturesInWords(pictures)}
          </Radio>
        ))}
      </div>
      <Text slot="description">{m.page_pictures_detail()}</Text>
    </RadioGroup>
  );
}
