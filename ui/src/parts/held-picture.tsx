import { useEffect, useState } from "react";

type Props = { className: string; alt: string; /** Another picture has another one. */ name: string; read: () => Promise<string> };

/** A small picture that the program gives as an address that holds it; nothing until it has come, and where there is none. */
export function HeldPicture({ className, alt, name, read }: Props) {
  const [shown, setShown] = useState<{ name: string; source: string } | null>(null);
  useEffect(() => {
    let wanted = true;
    read()
      .then((source) => {
        if (wanted) setShown({ name, source });
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
