import type { ReactNode } from "react";
import { X } from "lucide-react";
import type { PicturePart } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { changed, WHOLE } from "./areas";
import { Field } from "./field";
import { IconButton } from "./icon-button";

type Props<P extends PicturePart> = {
  number: number;
  part: P;
  onPart: (part: P) => void;
  onRemove: () => void;
  /** What else is said of it. */
  children?: ReactNode;
};

/** An area of a picture in figures, for whoever does not draw: thousandths of its width and height. */
export function AreaFields<P extends PicturePart>({ number, part, onPart, onRemove, children }: Props<P>) {
  const side = (label: string, name: keyof PicturePart) => (
    <Field
      label={label}
      type="number"
      name={`${name}-${number}`}
      min={name === "width" || name === "height" ? 1 : 0}
      max={WHOLE}
      value={part[name]}
      onChange={(event) => event.target.value !== "" && onPart(changed(part, { [name]: Number(event.target.value) } as Partial<P>))}
    />
  );
  return (
    <li className="mask-fields" data-plain={children === undefined || undefined} aria-label={m.page_mask({ n: number })}>
      <span className="mask-number" aria-hidden="true">
        {number}
      </span>
      {side(m.page_mask_x(), "x")}
      {side(m.page_mask_y(), "y")}
      {side(m.page_mask_width(), "width")}
      {side(m.page_mask_height(), "height")}
      {children}
      <IconButton label={m.page_mask_remove({ n: number })} onPress={onRemove}>
        <X />
      </IconButton>
    </li>
  );
}
