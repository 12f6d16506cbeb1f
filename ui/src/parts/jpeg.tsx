import { useEffect, useState } from "react";

type Props = { className: string; alt: string; /** Another picture has another one. */ name: string; read: () => Promise<ArrayBuffer> };

/** A small picture that the program holds; nothing until it has come, and where there is none. */
export function Jpeg({ className, alt, name, read }: Props) {
  const [shown, setShown] = useState<{ name: string; source: string } | null>(null);
  useEffect(() => {
    let wanted = true;
    read()
      .then((bytes) => {
        if (wanted) setShown({ name, source: sourceOf(bytes) });
      })
      // The place stays empty: a picture is an aid, and what it is of stands beside it.
      .catch(() => undefined);
    return () => {
      wanted = false;
    };
    // `name` says which picture; `read` is another function each time.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [name]);
  if (shown === null) return <span className={className} />;
  return <img className={className} src={shown.source} alt={alt} draggable={false} />;
}

function sourceOf(bytes: ArrayBuffer): string {
  const letters = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte));
  return `data:image/jpeg;base64,${btoa(letters.join(""))}`;
}
