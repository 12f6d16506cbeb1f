import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { camerasOfSite } from "../state/inventory";

/** All cameras that the person sees, by site, for a list to choose from. */
export function CameraOptions() {
  const { districts } = useStore(useApp().inventory);
  return (
    <>
      {districts.flatMap((district) =>
        district.sites.map((site) => (
          <optgroup key={site.id} label={`${district.name} · ${site.name}`}>
            {camerasOfSite(site).map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </optgroup>
        )),
      )}
    </>
  );
}
